import {
  digestJson,
  findListFault,
  LineageError,
  readJson,
  recallResult,
  refOfItem,
  refsOf,
  type StepRuntime,
} from '../domain/lineage/index.js';
import { FAN_OUTS, STEPS, type FanOutId, type StepId } from '../policies/index.js';
import type { ArtifactRef, ArtifactTable, StepResult } from '../schemas/index.js';
import type { StepContext } from './context.js';
import { readList, readLists } from './range.js';

/** The links from the approval to the training: name in the step's parameters -> step. */
const LINKS = {
  // A waiver is both: what stands for the approval, and the slices that decide nothing.
  approval: ['review', 'waive'],
  slices: ['slice', 'waive'],
  applied: ['apply'],
  kept: ['minimize'],
  tokenized: ['tokenize'],
  injection: ['inject'],
} as const satisfies Record<string, readonly StepId[]>;

type Chain = Readonly<Record<keyof typeof LINKS, StepResult>>;

function broken(what: string): LineageError {
  return new LineageError(
    'GATE_SHUT',
    `training refuses these token sets: ${what}; train only on what a run has reviewed, applied and tokenized`,
  );
}

async function recall(
  runtime: StepRuntime,
  memoKey: unknown,
  steps: readonly StepId[],
): Promise<StepResult> {
  const names: readonly string[] = steps.map((step) => STEPS[step].name);
  const result = typeof memoKey === 'string' ? await recallResult(runtime, memoKey) : undefined;
  if (result !== undefined && names.includes(result.step)) return result;
  throw broken(`there is no signed result of ${names.join(' or ')}`);
}

async function recallChain(runtime: StepRuntime, keys: unknown): Promise<Chain> {
  const named = keys as Readonly<Record<string, unknown>> | undefined;
  const links = Object.entries(LINKS).map(
    async ([name, steps]) => [name, await recall(runtime, named?.[name], steps)] as const,
  );
  return Object.fromEntries(await Promise.all(links)) as Chain;
}

function digestOf(table: ArtifactTable, name: string): string | undefined {
  const [ref, ...more] = refsOf(table[name]);
  return more.length > 0 ? undefined : ref?.digest;
}

/** Input `input` of `to` has to be output `output` of `from`. */
function requireLink(from: StepResult, output: string, to: StepResult, input: string): void {
  const made = digestOf(from.outputs, output);
  if (made !== undefined && made === digestOf(to.inputs, input)) return;
  throw broken(`"${input}" of ${to.step} is not "${output}" of ${from.step}`);
}

/** The shards in a stage's list have to be made of all items of its input lists, and of nothing else. */
async function requireList(
  runtime: StepRuntime,
  project: string,
  stage: StepResult,
  id: FanOutId,
): Promise<void> {
  const fanOut = FAN_OUTS[id];
  const items = await readLists(runtime, fanOut, { inputs: stage.inputs, project });
  const list = stage.outputs['shardResults'] as ArtifactRef;
  const shards = (await readList(runtime, list, project)) as readonly StepResult[];
  const fault = findListFault(stage.inputs, fanOut, items, shards);
  if (fault !== undefined) throw broken(`${stage.step}: ${fault}`);
}

/** An approval of the very batch that the decisions were cut by, and of the shards they went to. */
async function requireReviewed(
  runtime: StepRuntime,
  project: string,
  { approval, slices, applied }: Chain,
): Promise<void> {
  if (approval.values['meaning'] !== 'approved') throw broken('the batch was not approved');
  requireLink(approval, 'decisions', slices, 'decisions');
  for (const name of ['batch', 'overlay']) {
    if (digestOf(approval.inputs, name) !== digestOf(slices.inputs, name)) {
      throw broken(`the decisions were cut by another ${name} than the approved one`);
    }
  }
  const ref = approval.inputs['info'] as ArtifactRef;
  const info = (await readJson(runtime.artifacts, ref, project)) as { readonly dataset?: unknown };
  const list = applied.inputs['redacted'] as ArtifactRef;
  const redacted = (await readList(runtime, list, project)).map(
    (item) => refOfItem(item, 'redacted').digest,
  );
  const same = digestOf(slices.inputs, 'redacted') === list.digest;
  if (!same || info.dataset !== digestJson(redacted)) {
    throw broken('the decisions were applied to other shards than the reviewed ones');
  }
}

/** A waiver of these very shards, under a policy that waives the review. */
function requireWaived(context: Pick<StepContext, 'policy'>, chain: Chain): void {
  const { approval, slices, applied } = chain;
  if (context.policy.review.required) {
    throw broken('nobody approved the batch, and the policy requires a review (/review/required)');
  }
  const same = digestOf(approval.inputs, 'redacted') === digestOf(applied.inputs, 'redacted');
  if (!same || slices.memoKey !== approval.memoKey) {
    throw broken('the review was waived for other shards than these');
  }
}

const isWaiver = ({ step }: StepResult): boolean => step === STEPS.waive.name;

/**
 * Follows the token sets back, link by link, to an approval, or to the waiver of a policy that
 * waives the review, and to the injection.
 * @throws LineageError GATE_SHUT naming the gap
 */
export async function requireChain(
  runtime: StepRuntime,
  project: string,
  context: Pick<StepContext, 'params' | 'policy' | 'ref'>,
): Promise<void> {
  const chain = await recallChain(runtime, context.params['chain']);
  const { approval, slices, applied, kept, tokenized, injection } = chain;
  if (isWaiver(approval) || isWaiver(slices)) requireWaived(context, chain);
  else await requireReviewed(runtime, project, chain);
  requireLink(slices, 'slices', applied, 'slice');
  requireLink(applied, 'shardResults', kept, 'approved');
  requireLink(kept, 'shardResults', tokenized, 'kept');
  await requireList(runtime, project, applied, 'apply');
  await requireList(runtime, project, kept, 'minimize');
  await requireList(runtime, project, tokenized, 'tokenize');
  if (context.ref('tokens').digest !== digestOf(tokenized.outputs, 'shardResults')) {
    throw broken('a token set was not made by the tokenize step of this chain');
  }
  if (context.ref('canaryTokens').digest !== digestOf(injection.outputs, 'canaryTokens')) {
    throw broken('the canaries were not made by the injection of this chain');
  }
}
