import type { InferenceThread } from '../domain/train/index.js';
import { countReads, scoredRecords, type SequenceReads } from '../domain/leak/index.js';
import {
  decodeTokenShard,
  tokenizeShard,
  type TextTokenizer,
  type TokenSequence,
} from '../domain/tokenize/index.js';
import { check, validateCanarySet, validateTrainPlan, type CanarySet } from '../schemas/index.js';
import type { StepContext } from './context.js';
import { readTokenizer } from './tokenize.js';

/** Everything the attacks share. */
export interface Audit {
  readonly context: StepContext;
  readonly model: InferenceThread;
  readonly tokenizer: TextTokenizer;
  readonly canaries: CanarySet;
  /** Tokens of every canary, then of every reference. */
  readonly scored: readonly TokenSequence[];
  /** The records that training was given, in the order in which its plan numbers them. */
  readonly trained: readonly TokenSequence[];
  readonly heldOut: readonly TokenSequence[];
  /** What of records and canaries training really read. */
  readonly reads: SequenceReads;
}

/** Follows the training's plan back to records and canaries. */
async function readsOf(
  context: StepContext,
  canaries: CanarySet,
  records: number,
): Promise<SequenceReads> {
  const plan = check(
    validateTrainPlan,
    await context.readJson(context.ref('plan')),
    'the training plan',
  );
  const sequences = decodeTokenShard(await context.read(context.ref('canaryTokens')));
  return countReads(canaries, {
    plan,
    records,
    canaryIds: sequences.map(({ recordId }) => recordId),
  });
}

/** Reads what the attacks need and tokenizes the canaries as training saw them. */
export async function openAudit(context: StepContext, model: InferenceThread): Promise<Audit> {
  const tokenizer = await readTokenizer(context);
  const canaries = check(
    validateCanarySet,
    await context.readJson(context.ref('canaries')),
    'the canary set',
  );
  const { sequences } = tokenizeShard(scoredRecords(canaries), tokenizer, {
    ...context.policy.tokenize,
    heldOutShare: 0,
  });
  const all: TokenSequence[] = [];
  for (const ref of await context.list('tokens', 'tokens'))
    all.push(...decodeTokenShard(await context.read(ref)));
  const trained = all.filter(({ heldOut }) => !heldOut);
  return {
    context,
    model,
    tokenizer,
    canaries,
    scored: sequences,
    trained,
    heldOut: all.filter(({ heldOut }) => heldOut),
    reads: await readsOf(context, canaries, trained.length),
  };
}
