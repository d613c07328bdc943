import { FAN_OUTS, type FanOutId } from '../../policies/index.js';
import type { StepResult, StepStatement } from '../../schemas/index.js';
import { digestJson, type Digest } from '../lineage/digest.js';
import { findListFault, type ListItem, type Lists } from '../lineage/lists.js';
import type { Bundle, BundledEnvelope, BundledResult as SignedResult } from './bundle-documents.js';
import { BUNDLE, isStep } from './bundle-layout.js';
import { unless, type Finding } from './findings.js';
import { stepStatement } from './statements.js';

/** A result of a stage or of a shard in a list. */
export type BundledResult = Omit<SignedResult, 'envelope'>;

export interface BundledRun {
  readonly file: string;
  readonly statement: StepStatement;
  readonly run: StepStatement['predicate']['runDetails']['byproducts'][number]['annotations']['run'];
}

const isProvenance = (bundled: BundledEnvelope): bundled is BundledEnvelope<StepStatement> =>
  bundled.statement.predicateType === 'https://slsa.dev/provenance/v1';

/** The step runs that the envelopes attest. */
export function runsOf(bundle: Bundle): readonly BundledRun[] {
  return bundle.envelopes.filter(isProvenance).flatMap(({ file, statement }) =>
    statement.predicate.runDetails.byproducts.map(({ annotations }) => ({
      file,
      statement,
      run: annotations.run,
    })),
  );
}

const digestsIn = (table: StepResult['inputs']): readonly Digest[] =>
  Object.values(table)
    .flat()
    .map(({ digest }) => digest);

export const inputsOf = ({ result }: BundledResult): readonly Digest[] => digestsIn(result.inputs);
export const outputsOf = ({ result }: BundledResult): readonly Digest[] =>
  digestsIn(result.outputs);

/** The digests under one name of a table. */
export function named(table: StepResult['inputs'], name: string): readonly Digest[] {
  return [table[name] ?? []].flat().map(({ digest }) => digest);
}

/** The items of a bundled list. */
export function itemsOf({ lists }: Bundle, digest: Digest | undefined): readonly ListItem[] {
  return lists.find((list) => list.digest === digest)?.items ?? [];
}

/** The results of a step. */
export function resultsOf(bundle: Bundle, step: string): readonly BundledResult[] {
  return bundle.results.filter(({ result }) => isStep(result, step));
}

/**
 * Every provenance statement says exactly what its step's result says; every stage's result was
 * computed in a signed run; every list is one that a stage made, and one of shards holds the results
 * of exactly the items that its stage was given.
 */
export function checkSteps(bundle: Bundle): readonly Finding[] {
  const runs = runsOf(bundle);
  const byDigest = new Map(bundle.results.map((one) => [one.digest, one]));
  const computed = new Set(
    runs.filter(({ run }) => run.outcome === 'computed').map(({ run }) => run.resultDigest),
  );
  const made = new Set(bundle.stages.flatMap(outputsOf));
  return [
    ...runs.flatMap((attested) => checkRun(attested, byDigest.get(attested.run.resultDigest))),
    ...bundle.stages.flatMap((one) =>
      unless(
        computed.has(one.digest),
        one.file,
        'no signed run of a step stands behind this result',
      ),
    ),
    ...bundle.lists.flatMap(({ file, digest }) =>
      unless(made.has(digest), file, 'no step of the bundle made this list'),
    ),
    ...bundle.stages.flatMap((one) => checkFanOut(bundle, one)),
    ...['train', 'audit', 'release'].flatMap((step) =>
      unless(
        runs.some(({ run }) => run.runId === bundle.manifest.runId && isOf(run.step, step)),
        BUNDLE.manifest,
        `no signed ${step} of run ${bundle.manifest.runId} is in the bundle`,
      ),
    ),
  ];
}

function checkFanOut(bundle: Bundle, { file, result }: BundledResult): readonly Finding[] {
  const id = (Object.keys(FAN_OUTS) as FanOutId[]).find((stage) => isStep(result, stage));
  if (id === undefined) return [];
  const { inputs, outputs } = result;
  const lists: Lists = Object.fromEntries(
    Object.keys(FAN_OUTS[id].lists).map((name) => [name, itemsOf(bundle, named(inputs, name)[0])]),
  );
  const shards = itemsOf(bundle, named(outputs, 'shardResults')[0]) as readonly StepResult[];
  const fault = findListFault(inputs, FAN_OUTS[id], lists, shards);
  return fault === undefined ? [] : [{ file, problem: fault }];
}

const isOf = (stepName: string, base: string) => isStep({ step: stepName } as StepResult, base);

function checkRun(attested: BundledRun, found: BundledResult | undefined): readonly Finding[] {
  const { file, statement, run } = attested;
  if (found === undefined) return [{ file, problem: 'its step result is not in the bundle' }];
  const { project, params, policyDigest } = statement.predicate.buildDefinition.externalParameters;
  const expected = stepStatement(found.result, run, {
    project,
    params,
    policy: { digest: policyDigest },
  });
  const same = digestJson(expected) === digestJson(statement) && run.step === found.result.step;
  return unless(
    same && run.memoKey === found.result.memoKey,
    file,
    `does not say what ${found.file} says`,
  );
}

/** Every input was made by a step before, or is declared as a source. Nothing comes from nowhere. */
export function checkChain(bundle: Bundle): readonly Finding[] {
  const known = new Set(bundle.manifest.sources.map(({ digest }) => digest));
  let waiting: readonly BundledResult[] = bundle.results;
  for (;;) {
    const ready = waiting.filter((one) => inputsOf(one).every((digest) => known.has(digest)));
    if (ready.length === 0) break;
    for (const digest of ready.flatMap(outputsOf)) {
      known.add(digest);
      // Who made a list of references made what it refers to.
      for (const item of itemsOf(bundle, digest)) if ('digest' in item) known.add(item.digest);
    }
    const done = new Set(ready);
    waiting = waiting.filter((one) => !done.has(one));
  }
  return waiting.map((one) => {
    const missing = inputsOf(one).find((digest) => !known.has(digest)) ?? '';
    return { file: one.file, problem: `no earlier step of the bundle made its input ${missing}` };
  });
}

/** Every artifact but `stops` that comes from `seeds` without passing through a result that `blocks`. */
export function reachedFrom(
  bundle: Bundle,
  seeds: readonly Digest[],
  blocks: (one: BundledResult) => boolean,
  stops: ReadonlySet<Digest>,
): ReadonlySet<Digest> {
  const reached = new Set(seeds);
  for (let size = -1; size !== reached.size;) {
    size = reached.size;
    for (const one of bundle.results) {
      if (blocks(one) || !inputsOf(one).some((digest) => reached.has(digest))) continue;
      for (const digest of outputsOf(one)) if (!stops.has(digest)) reached.add(digest);
    }
  }
  return reached;
}

/** Whether two lists hold one digest each, and the same. */
export const sameDigest = (a: readonly Digest[], b: readonly Digest[]): boolean =>
  a.length === 1 && b.length === 1 && a[0] === b[0];
