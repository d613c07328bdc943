import type { InferenceThread } from '../domain/train/index.js';
import { scoredRecords } from '../domain/leak/index.js';
import {
  decodeTokenShard,
  tokenizeShard,
  type TextTokenizer,
  type TokenSequence,
} from '../domain/tokenize/index.js';
import { check, validateCanarySet, type CanarySet } from '../schemas/index.js';
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
  readonly trained: readonly TokenSequence[];
  readonly heldOut: readonly TokenSequence[];
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
  return {
    context,
    model,
    tokenizer,
    canaries,
    scored: sequences,
    trained: all.filter(({ heldOut }) => !heldOut),
    heldOut: all.filter(({ heldOut }) => heldOut),
  };
}
