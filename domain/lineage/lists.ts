import {
  check,
  validateArtifactList,
  validateStepResult,
  type ArtifactList,
  type ArtifactRef,
  type ArtifactTable,
  type StepResult,
} from '../../schemas/index.js';
import { ITEM, STEPS, type FanOut } from '../../policies/index.js';
import { digestJson, type Digest } from './digest.js';
import { LineageError } from './errors.js';
import { refsOf } from './refs.js';

export const LIST_MEDIA_TYPE = 'application/vnd.custos.artifact-list+json';
export const RESULTS_MEDIA_TYPE = 'application/vnd.custos.step-results+json';

/** An item of a list artifact: a reference, or the result of one shard. */
export type ListItem = ArtifactRef | StepResult;

/** The document of a list of references. */
export function artifactList(items: readonly ArtifactRef[]): ArtifactList {
  return { schema: 'custos.artifact-list.v1', items: [...items] };
}

/** Items of a list artifact in their order. @throws SchemaError when it is no list */
export function parseList(value: unknown, where: string): readonly ListItem[] {
  if (!Array.isArray(value)) return check(validateArtifactList, value, where).items;
  return value.map((item: unknown, at) =>
    check(validateStepResult, item, `${where}, item ${String(at)}`),
  );
}

/** What a list's item hands to a shard. @throws LineageError STEP_INVALID when it has no such output */
export function refOfItem(item: ListItem | undefined, output: string): ArtifactRef {
  if (item !== undefined && 'digest' in item && output === ITEM) return item;
  const value = item !== undefined && 'outputs' in item ? item.outputs[output] : undefined;
  if (value !== undefined && !Array.isArray(value)) return value;
  throw new LineageError('STEP_INVALID', `an item of a list has no single output "${output}"`);
}

/** For each output of shards, the digest of their digests in order: what a dataset is, in one line. */
export function rootsOf(results: readonly StepResult[]): Record<string, Digest> {
  const names = new Set(results.flatMap(({ outputs }) => Object.keys(outputs)));
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      digestJson(
        results.flatMap(({ outputs }) => refsOf(outputs[name]).map(({ digest }) => digest)),
      ),
    ]),
  );
}

const unversioned = (step: string): string => step.replace(/\.v[0-9]+$/, '');

const digestOf = (inputs: ArtifactTable, name: string): string | undefined => {
  const value = inputs[name];
  return value === undefined || Array.isArray(value) ? undefined : value.digest;
};

/** Items of a stage's input lists, by the input's name. */
export type Lists = Readonly<Record<string, readonly ListItem[]>>;

/**
 * Why `shards` are not the results of exactly the items of a stage's input lists, in their order
 * and with its other inputs; undefined when they are.
 */
export function findListFault(
  inputs: ArtifactTable,
  { shard: shardStep, lists }: FanOut,
  items: Lists,
  shards: readonly StepResult[],
): string | undefined {
  // Evidence outlives versions: a list may be one of an earlier version of the step.
  const base = unversioned(STEPS[shardStep].name);
  const stranger = shards.find(({ step }) => unversioned(step) !== base);
  if (stranger !== undefined) return `its list holds a result of ${stranger.step}`;
  for (const name of Object.keys(lists)) {
    if (items[name]?.length !== shards.length) {
      return `its list has ${String(shards.length)} results for ${String(items[name]?.length ?? 0)} items of "${name}"`;
    }
  }
  for (const [at, shard] of shards.entries()) {
    for (const name of new Set([...Object.keys(inputs), ...Object.keys(shard.inputs)])) {
      const output = lists[name];
      const expected =
        output === undefined ? digestOf(inputs, name) : refOfItem(items[name]?.[at], output).digest;
      if (expected === undefined || digestOf(shard.inputs, name) !== expected) {
        return `result ${String(at)} of its list has another "${name}" than the stage gives it`;
      }
    }
  }
  return undefined;
}
