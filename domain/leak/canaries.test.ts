import { describe, expect, it } from 'vitest';
import {
  validateCanaryCommitment,
  validateCanarySet,
  type CanarySet,
  type Policy,
} from '../../schemas/index.js';
import { loadTokenizer, tokenizeShard, type TokenizeOptions } from '../tokenize/index.js';
import {
  assertAuditCanFail,
  assertCoins,
  buildCanaries,
  commitCanaries,
  findPreflightRefusals,
  insertedRecords,
  scoredRecords,
  secretRange,
  type CanarySequence,
} from './index.js';

/** Printable stand-ins of bytes in byte-level vocabularies (GPT-2); ASCII is enough here. */
const stand = (text: string) => text.replaceAll(' ', 'Ġ').replaceAll('\n', 'Ċ');

/** A byte-level BPE whose merges spell the given words, each after a space. */
function tokenizerOf(words: readonly string[]) {
  const bytes = Array.from({ length: 95 }, (_, index) => stand(String.fromCharCode(32 + index)));
  const vocab = new Map<string, number>();
  const add = (token: string) => vocab.set(token, vocab.get(token) ?? vocab.size);
  ['<|end|>', 'Ċ', ...bytes].forEach(add);
  const merges = new Set<string>();
  for (const word of words) {
    const spelled = `Ġ${word}`;
    for (let length = 2; length <= spelled.length; length++) {
      merges.add(`${spelled.slice(0, length - 1)} ${spelled[length - 1] ?? ''}`);
      add(spelled.slice(0, length));
    }
  }
  const special = {
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  };
  return loadTokenizer({
    tokenizer: {
      version: '1.0',
      added_tokens: [{ id: 0, content: '<|end|>', ...special }],
      normalizer: null,
      pre_tokenizer: {
        type: 'ByteLevel',
        add_prefix_space: false,
        trim_offsets: true,
        use_regex: true,
      },
      post_processor: null,
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: { type: 'BPE', vocab: Object.fromEntries(vocab), merges: [...merges] },
    },
    config: { eos_token: '<|end|>' },
  });
}

const WORDS = [
  'amber',
  'basil',
  'cedar',
  'delta',
  'ember',
  'fjord',
  'grove',
  'heron',
  'inlet',
].concat([
  'jolly',
  'kiosk',
  'larch',
  'maple',
  'north',
  'otter',
  'pearl',
  'quill',
  'river',
  'stone',
  'thorn',
]);
const tokenizer = tokenizerOf(WORDS);
const SECRET = new Uint8Array(32).fill(9);
const POLICY: Policy['inject'] = {
  canaries: 32,
  repetitions: [1, 4],
  secretTokens: 25,
  references: 120,
};
const TOKENIZE: TokenizeOptions = {
  maxLength: 512,
  template: 'alpaca',
  lossOn: 'response',
  heldOutShare: 0,
};
const AUDIT: Policy['audit'] = {
  generations: 1,
  generationTokens: 1,
  temperature: 1,
  topP: 1,
  maxVaultHits: 0,
  maxExposureBits: 4,
  minCanariesRead: 4,
  extractionPrefixTokens: 8,
  extractionSequences: 4,
  maxVerbatim: 0,
  confidence: 0.95,
};

const build = (change: Partial<Policy['inject']> = {}, secret = SECRET) =>
  buildCanaries({ secret, policy: { ...POLICY, ...change }, codec: tokenizer });

const sequencesOf = (set: CanarySet, change: Partial<TokenizeOptions> = {}): CanarySequence[] => {
  const options = { ...TOKENIZE, ...change };
  return [insertedRecords(set), scoredRecords(set)].flatMap((records) => [
    ...tokenizeShard(records, tokenizer, options).sequences,
  ]);
};

describe('buildCanaries', () => {
  const set = build();

  it('matches its schema and depends on nothing but its input', () => {
    expect(validateCanarySet(set)).toBe(true);
    expect(build()).toEqual(set);
    expect(build({}, new Uint8Array(32).fill(8)).canaries).not.toEqual(set.canaries);
  });

  it('makes secrets of whole existing words that survive tokenization in their place', () => {
    for (const { prompt, answer, secretIds } of [...set.canaries, ...set.references]) {
      expect(secretIds).toHaveLength(25);
      expect(tokenizer.encode(answer).slice(-25)).toEqual(secretIds);
      expect(prompt).not.toContain(answer);
    }
    expect(new Set(set.canaries.map(({ answer }) => answer)).size).toBe(32);
    expect(set.wordTokens).toBeGreaterThanOrEqual(WORDS.length);
  });

  it('tosses fair coins', () => {
    const { canaries } = build({ canaries: 2000, secretTokens: 4, references: 100 });
    const heads = canaries.filter(({ included }) => included).length;
    // Standard deviation 22.
    expect(Math.abs(heads - 1000)).toBeLessThan(90);
  });

  it('inserts included canaries as often as their tier says, each copy a record of its own', () => {
    const inserted = insertedRecords(set);
    const wanted = set.canaries
      .filter(({ included }) => included)
      .reduce((sum, { recordIds }) => sum + recordIds.length, 0);
    expect(inserted).toHaveLength(wanted);
    expect(new Set(inserted.map(({ id }) => id)).size).toBe(wanted);
    const shown = JSON.stringify(inserted);
    for (const { prompt } of set.references) expect(shown).not.toContain(prompt);
    for (const { prompt, included } of set.canaries) expect(shown.includes(prompt)).toBe(included);
  });

  it('takes names from the given pool', () => {
    const plan = { secret: SECRET, policy: POLICY, codec: tokenizer, valuePool: ['Zed Quux'] };
    const { canaries } = buildCanaries(plan);
    expect(canaries.every(({ prompt }) => prompt.endsWith('of Zed Quux.'))).toBe(true);
  });

  it('refuses a vocabulary without words', () => {
    const bare = tokenizerOf(['amber']);
    expect(() => buildCanaries({ secret: SECRET, policy: POLICY, codec: bare })).toThrow(
      expect.objectContaining({ code: 'CANARY_INVALID' }),
    );
  });
});

describe('commitment', () => {
  const set = build();
  const commitment = commitCanaries(set);

  it('tells counts and tiers and opens to the same coins only', () => {
    expect(validateCanaryCommitment(commitment)).toBe(true);
    expect(commitment.tiers).toEqual([1, 4]);
    expect(() => {
      assertCoins(set, commitment.coinCommitment);
    }).not.toThrow();
    for (const index of [0, 17, 31]) {
      const forged = structuredClone(set);
      const canary = forged.canaries[index];
      if (canary !== undefined) canary.included = !canary.included;
      expect(() => {
        assertCoins(forged, commitment.coinCommitment);
      }).toThrow(expect.objectContaining({ code: 'COMMITMENT_MISMATCH' }));
    }
  });

  it('hides the coins: another nonce, another commitment', () => {
    const other = commitCanaries({ ...set, coinNonce: '00'.repeat(32) });
    expect(other.coinCommitment).not.toBe(commitment.coinCommitment);
  });
});

describe('findPreflightRefusals', () => {
  const set = build();
  const sequences = sequencesOf(set);

  it('passes an audit that can fail', () => {
    expect(findPreflightRefusals(set, sequences, AUDIT)).toEqual([]);
  });

  const fixed = (included: boolean): CanarySet => ({
    ...set,
    canaries: set.canaries.map((canary) => ({ ...canary, included })),
  });
  const onceExcluded: CanarySet = {
    ...set,
    canaries: set.canaries.map((canary) => ({ ...canary, included: canary.recordIds.length > 1 })),
  };
  const masked = sequences.map((sequence) => ({
    ...sequence,
    lossMask: Array.from(sequence.lossMask, (_, index) =>
      index > sequence.ids.length - 5 ? 0 : 1,
    ),
  }));

  it.each<[string, CanarySet, readonly CanarySequence[], Partial<Policy['audit']>]>([
    ['COINS_EQUAL', fixed(true), sequencesOf(fixed(true)), {}],
    ['TIER_SMALL', onceExcluded, sequencesOf(onceExcluded), {}],
    ['TIER_SMALL', set, sequences, { minCanariesRead: 17 }],
    ['TOO_FEW_REFERENCES', { ...set, references: set.references.slice(0, 99) }, sequences, {}],
    ['LIMIT_UNREACHABLE', set, sequences, { maxExposureBits: 7 }],
    ['CANARY_MISSING', set, sequences.slice(0, -1), {}],
    ['CANARY_HELD_OUT', set, sequencesOf(set, { heldOutShare: 0.5 }), {}],
    ['SECRET_TRUNCATED', set, sequencesOf(set, { maxLength: 110 }), {}],
    ['LABELS_MASKED', set, masked, {}],
  ])('refuses %s', (code, given, tokens, audit) => {
    const policy = { ...AUDIT, ...audit };
    expect(findPreflightRefusals(given, tokens, policy).map((one) => one.code)).toContain(code);
    expect(() => {
      assertAuditCanFail(given, tokens, policy);
    }).toThrow(expect.objectContaining({ code: 'AUDIT_REFUSED' }));
  });
});

describe('secretRange', () => {
  it.each([
    [[1, 2, 3, 4], [3, 4], { start: 2, end: 4 }],
    [[3, 4, 3, 4, 9], [3, 4], { start: 2, end: 4 }],
    [[3], [3, 4], undefined],
    [[], [3], undefined],
  ])('of %j in %j', (ids, secretIds, range) => {
    expect(secretRange(ids, secretIds)).toEqual(range);
  });
});
