import type { Policy, TokenizeReport, TrainingRecord } from '../../schemas/index.js';
import { encodeSegments } from './encode-segments.js';
import { isHeldOut } from './held-out.js';
import { createFormatter, type Formatter } from './segments.js';
import { countTokens, type DropReason, type Tally } from './statistics.js';
import type { TokenSequence } from './token-shard.js';
import type { TextTokenizer } from './tokenizer.js';

/** A policy's section; canaries are tokenized with a held-out share of 0. */
export type TokenizeOptions = Policy['tokenize'];

export interface TokenizedShard {
  readonly sequences: readonly TokenSequence[];
  readonly dropped: readonly { readonly recordId: string; readonly reason: DropReason }[];
  readonly report: TokenizeReport;
}

type Outcome =
  | { readonly reason: DropReason }
  | { readonly sequence: TokenSequence; readonly truncated: boolean };

function tokenizeRecord(
  record: TrainingRecord,
  tokenizer: TextTokenizer,
  formatter: Formatter,
  options: TokenizeOptions,
): Outcome {
  const segmented = formatter.segment(record);
  if ('problem' in segmented) return { reason: segmented.problem };
  const { segments } = segmented;
  const { ids, response } = encodeSegments(tokenizer, segments, formatter.leadingIds);
  const { maxLength, lossOn, heldOutShare } = options;
  const length = Math.min(ids.length, maxLength);
  const lossMask = response.slice(0, length);
  // Nothing comes before the first token to predict it from.
  lossMask[0] = 0;
  if (!lossMask.includes(1)) {
    return { reason: length < ids.length ? 'response-truncated' : 'no-response' };
  }
  if (lossOn === 'all') lossMask.fill(1, 1);
  const sequence = {
    recordId: record.id,
    ids: Int32Array.from(ids.slice(0, length)),
    lossMask,
    heldOut: isHeldOut(record.id, heldOutShare),
    ...(record.subjectId === undefined ? {} : { subjectId: record.subjectId }),
  };
  return { sequence, truncated: length < ids.length };
}

function tallyOf(outcome: Outcome): Tally {
  if ('reason' in outcome) return { dropped: outcome.reason };
  const { sequence, truncated } = outcome;
  const trainedTokens = sequence.lossMask.reduce((sum, learned) => sum + learned, 0);
  return { tokens: sequence.ids.length, trainedTokens, heldOut: sequence.heldOut, truncated };
}

/**
 * Tokens and loss masks of a shard's records, one sequence a record, in their order. A record
 * that cannot be learned from is left out with the reason.
 * @throws TokenizeError when tokenizer and template do not fit each other
 */
export function tokenizeShard(
  records: Iterable<TrainingRecord>,
  tokenizer: TextTokenizer,
  options: TokenizeOptions,
): TokenizedShard {
  const formatter = createFormatter(options.template, tokenizer);
  const outcomes = [...records].map((record) => ({
    recordId: record.id,
    outcome: tokenizeRecord(record, tokenizer, formatter, options),
  }));
  return {
    sequences: outcomes.flatMap(({ outcome }) => ('sequence' in outcome ? outcome.sequence : [])),
    dropped: outcomes.flatMap(({ recordId, outcome }) =>
      'reason' in outcome ? { recordId, reason: outcome.reason } : [],
    ),
    report: countTokens(
      outcomes.map(({ outcome }) => tallyOf(outcome)),
      options.maxLength,
    ),
  };
}

/** Ids of a conversation up to where the model's answer begins. */
export function encodePrompt(
  messages: TrainingRecord['messages'],
  tokenizer: TextTokenizer,
  template: TokenizeOptions['template'],
): number[] {
  const formatter = createFormatter(template, tokenizer);
  return [...formatter.leadingIds, ...tokenizer.encode(formatter.prompt(messages))];
}
