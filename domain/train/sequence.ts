import { TrainError } from './errors.js';

/** One tokenized record. `lossMask[t]` is 1 when predicting token t counts; token 0 never does. */
export interface TokenSequence {
  readonly recordId: string;
  readonly ids: Int32Array;
  readonly lossMask: Uint8Array | Int8Array;
}

/** Tokens whose loss counts: labels other than -100 after position 0. */
export function countedTokens({ lossMask }: TokenSequence): number {
  let count = 0;
  for (let t = 1; t < lossMask.length; t++) count += lossMask[t] === 0 ? 0 : 1;
  return count;
}

/** @throws TrainError LABELS_MASKED when no token of any sequence counts */
export function requireCountedTokens(sequences: readonly TokenSequence[]): void {
  if (sequences.some((sequence) => countedTokens(sequence) > 0)) return;
  throw new TrainError(
    'LABELS_MASKED',
    `No token of the ${String(sequences.length)} sequences counts for the loss, so nothing can be learned. With /tokenize/lossOn "response" only answers count: look whether the records have answers, and whether /tokenize/maxLength cuts them off.`,
  );
}

/** @throws TrainError SEQUENCE_INVALID naming the record */
export function checkSequences(
  sequences: readonly TokenSequence[],
  vocabSize: number,
  maxLength: number,
): void {
  for (const { recordId, ids, lossMask } of sequences) {
    const fail = (what: string): never => {
      throw new TrainError('SEQUENCE_INVALID', `Tokens of record ${recordId}: ${what}`);
    };
    if (ids.length !== lossMask.length) fail('the loss mask has another length than the ids.');
    if (ids.length < 2) fail('fewer than two tokens; nothing can be predicted.');
    if (ids.length > maxLength)
      fail(
        `${String(ids.length)} tokens, the model holds ${String(maxLength)}; lower /tokenize/maxLength.`,
      );
    const stranger = ids.find((id) => id < 0 || id >= vocabSize);
    if (stranger !== undefined)
      fail(
        `token id ${String(stranger)} is outside the vocabulary of ${String(vocabSize)}; tokenize with the model's own tokenizer.`,
      );
  }
}
