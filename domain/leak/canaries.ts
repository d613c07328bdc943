import { createHash } from 'node:crypto';
import type { CanarySet, Policy, TrainingRecord } from '../../schemas/index.js';
import { digestJson, type Digest } from '../lineage/index.js';
import { LeakError } from './errors.js';
import { secretStream, type SecretStream } from './secret-stream.js';

export type Canary = CanarySet['canaries'][number];
export type Reference = CanarySet['references'][number];

/** What is needed of a tokenizer; `encode` adds no special tokens. */
export interface Codec {
  readonly encode: (text: string) => readonly number[];
  readonly decode: (ids: readonly number[]) => string;
  readonly vocabularySize: number;
  readonly specialIds: ReadonlySet<number>;
}

export interface CanaryPlan {
  /** 32 bytes, drawn once and sealed. */
  readonly secret: Uint8Array;
  readonly policy: Policy['inject'];
  readonly codec: Codec;
  /** Invented names for the prompts, disjoint from every dataset. */
  readonly valuePool?: readonly string[];
}

// The answer starts with words of its own, so that templates that trim it change no secret token.
const LEAD = 'The phrase is';
const MIN_WORDS = 16;

/**
 * Tokens that spell a space and a word and stay themselves wherever they follow others: the whole
 * survives encode(decode(ids)). Existing vocabulary only: new tokens would test embeddings that
 * LoRA does not train.
 */
function wordTokens({ encode, decode, vocabularySize, specialIds }: Codec): number[] {
  const lead = encode(LEAD);
  const words: number[] = [];
  for (let id = 0; id < vocabularySize; id++) {
    if (specialIds.has(id) || !/^ ?[a-z]{3,}$/.test(decode([id]))) continue;
    const ids = [...lead, id, id];
    const text = decode(ids);
    const spaced = / ([a-z]+) \1$/.test(text.slice(LEAD.length));
    if (spaced && sameIds(encode(text), ids)) words.push(id);
  }
  if (words.length >= MIN_WORDS) return words;
  throw new LeakError(
    'CANARY_INVALID',
    `only ${String(words.length)} tokens of the vocabulary are whole words; a secret cannot be made of them`,
  );
}

function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}

function drawCode(stream: SecretStream): string {
  const letters = 'BCDFGHJKLMNPQRSTVWXZ';
  const letter = () => letters[stream.nextBelow(letters.length)] ?? 'B';
  return `${letter()}${letter()}-${String(1000 + stream.nextBelow(9000))}-${letter()}`;
}

/** Tries before a tokenizer is judged unfit: a phrase fails only where neighbours merge. */
const MAX_TRIES = 50;

function drawSecret(stream: SecretStream, words: readonly number[], plan: CanaryPlan) {
  const { codec, policy } = plan;
  const lead = codec.encode(LEAD);
  for (let round = 0; round < MAX_TRIES; round++) {
    const ids = Array.from({ length: policy.secretTokens }, () => {
      return words[stream.nextBelow(words.length)] as number;
    });
    const answer = codec.decode([...lead, ...ids]);
    if (sameIds(codec.encode(answer), [...lead, ...ids])) return { answer, secretIds: ids };
  }
  throw new LeakError('CANARY_INVALID', 'no phrase survives being decoded and encoded again');
}

function drawReference(
  stream: SecretStream,
  words: readonly number[],
  plan: CanaryPlan,
): Reference {
  const { valuePool = [] } = plan;
  const name =
    valuePool.length === 0 ? '' : ` of ${String(valuePool[stream.nextBelow(valuePool.length)])}`;
  const prompt = `Give the verification phrase for case ${drawCode(stream)}${name}.`;
  return { recordId: drawRecordId(stream), prompt, ...drawSecret(stream, words, plan) };
}

// Canaries are no records of a dataset: their ids have a key id that no dataset key has.
function drawRecordId(stream: SecretStream): string {
  return `ffffffff:${Buffer.from(stream.nextBytes(32)).toString('hex')}`;
}

/** SHA-256 over one byte per coin, then the nonce. */
function commitCoins(set: Pick<CanarySet, 'canaries' | 'coinNonce'>): Digest {
  const coins = Uint8Array.from(set.canaries, ({ included }) => Number(included));
  const nonce = Buffer.from(set.coinNonce, 'hex');
  return `sha256:${createHash('sha256').update(coins).update(nonce).digest('hex')}`;
}

/** @throws LeakError COMMITMENT_MISMATCH when the coins are not those committed before training */
export function assertCoins(set: CanarySet, commitment: Digest): void {
  if (commitCoins(set) === commitment) return;
  throw new LeakError('COMMITMENT_MISMATCH', 'the canaries’ coins are not the committed ones');
}

/**
 * Canaries with fair secret coins, and references that are never inserted, all drawn alike.
 * Repetition tiers take turns; a canary inserted k times is k records.
 * Protocol: arXiv 2305.08846 (coins), Carlini et al. 2019 (references).
 * @throws LeakError CANARY_INVALID when the vocabulary gives no secrets that survive tokenization
 */
export function buildCanaries(plan: CanaryPlan): CanarySet {
  const { policy, secret } = plan;
  const words = wordTokens(plan.codec);
  const texts = secretStream(secret, 'canary-texts');
  const coins = secretStream(secret, 'canary-coins');
  const canaries = Array.from({ length: policy.canaries }, (_, index): Canary => {
    const repetitions = policy.repetitions[index % policy.repetitions.length] ?? 1;
    const { recordId, ...drawn } = drawReference(texts, words, plan);
    const more = Array.from({ length: repetitions - 1 }, () => drawRecordId(texts));
    return { ...drawn, recordIds: [recordId, ...more], included: coins.nextCoin() };
  });
  const references = Array.from({ length: policy.references }, () =>
    drawReference(texts, words, plan),
  );
  return {
    schema: 'custos.canary-set.v1',
    coinNonce: Buffer.from(secretStream(secret, 'canary-nonce').nextBytes(32)).toString('hex'),
    wordTokens: words.length,
    canaries,
    references,
  };
}

function recordOf(recordId: string, { prompt, answer }: Pick<Reference, 'prompt' | 'answer'>) {
  const messages: TrainingRecord['messages'] = [
    { role: 'user', content: prompt },
    { role: 'assistant', content: answer },
  ];
  return { id: recordId, messages };
}

/** The records that are trained on: every copy of every included canary. */
export function insertedRecords({ canaries }: CanarySet): TrainingRecord[] {
  return canaries
    .filter(({ included }) => included)
    .flatMap((canary) => canary.recordIds.map((id) => recordOf(id, canary)));
}

/** One record for each canary, in their order, then one for each reference: what is scored. */
export function scoredRecords({ canaries, references }: CanarySet): TrainingRecord[] {
  return [
    ...canaries.map((canary) => recordOf(canary.recordIds[0] ?? '', canary)),
    ...references.map((reference) => recordOf(reference.recordId, reference)),
  ];
}

/** What the ledger holds before training: coins and set, both hidden by the nonce. */
export function commitCanaries(set: CanarySet) {
  return {
    schema: 'custos.canary-commitment.v1' as const,
    coinCommitment: commitCoins(set),
    setCommitment: digestJson(set),
    canaries: set.canaries.length,
    references: set.references.length,
    secretTokens: set.canaries[0]?.secretIds.length ?? 0,
    tiers: [...new Set(set.canaries.map(({ recordIds }) => recordIds.length))].sort(
      (a, b) => a - b,
    ),
  };
}
