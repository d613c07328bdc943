import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import byteLevelBos from './fixtures/byte-level-bos.json' with { type: 'json' };
import byteLevel from './fixtures/byte-level.json' with { type: 'json' };
import metaspace from './fixtures/metaspace.json' with { type: 'json' };
import { encodeByPieces, encodesByPieces } from './piece-encoder.js';
import { loadTokenizer } from './tokenizer.js';

type Tokenizer = Record<string, unknown>;

const base = byteLevel.tokenizer as unknown as Tokenizer;
const LLAMA3 = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const split = (regex: string) => ({
  type: 'Sequence',
  pretokenizers: [
    { type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false },
    { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
  ],
});
const digits = {
  type: 'Sequence',
  pretokenizers: [
    { type: 'Digits', individual_digits: true },
    { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  ],
};

const BY_PIECES: Readonly<Record<string, Tokenizer>> = {
  'GPT-2': base,
  'Llama 3': { ...base, pre_tokenizer: split(LLAMA3) },
  'Qwen 2': { ...base, pre_tokenizer: split(LLAMA3.replace('{1,3}', '')) },
  SmolLM: { ...base, normalizer: null, pre_tokenizer: digits },
};

const WHOLE: Readonly<Record<string, Tokenizer>> = {
  'SentencePiece, as Llama 2 has it': metaspace.tokenizer,
  'a space in front of every text': {
    ...base,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, use_regex: true },
  },
  'bytes without a pattern': {
    ...base,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
  },
  'digits alone': { ...base, pre_tokenizer: { type: 'Digits', individual_digits: true } },
  'a pattern that is not known': { ...base, pre_tokenizer: split(String.raw`.*? \p{L}+`) },
  'a normalizer that may join over a space': { ...base, normalizer: { type: 'Strip' } },
  'unknown tokens that are fused': {
    ...base,
    model: { ...(base['model'] as Tokenizer), unk_token: '<unk>', fuse_unk: true },
  },
  'no pre-tokenizer': { ...base, pre_tokenizer: null },
  'a token with a space': {
    ...base,
    added_tokens: [{ id: 900, content: 'two words', special: false }],
  },
  'a token that takes the space before it': {
    ...base,
    added_tokens: [{ id: 900, content: '<mask>', lstrip: true, special: true }],
  },
};

const HARD =
  " .,!?'\n\r\t\u00a0\u2003\ufeffaZé\u0301\u4f60😀0129_-/<|end|>start".match(/<\|end\|>|./gsu) ??
  [];
const texts = fc.oneof(
  fc
    .array(fc.constantFrom(...HARD, ' ', ' ', '  ', "'s", 'word'), { maxLength: 40 })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

describe.each(Object.entries(BY_PIECES))('%s', (_, tokenizer) => {
  it('gives piece by piece the ids that the library gives of the whole', () => {
    expect(encodesByPieces(tokenizer, {})).toBe(true);
    // A setting that changes nothing here but that texts are encoded whole.
    const whole = loadTokenizer({ tokenizer, config: { remove_space: 'no' } });
    const pieces = encodeByPieces(whole.encode);
    fc.assert(
      fc.property(texts, (text) => {
        expect(pieces(text)).toEqual(whole.encode(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('encodesByPieces', () => {
  it.each(Object.entries(WHOLE))('is false of %s', (_, tokenizer) => {
    expect(encodesByPieces(tokenizer, {})).toBe(false);
  });

  it('is false where the configuration changes texts', () => {
    expect(encodesByPieces(base, { remove_space: true })).toBe(false);
    expect(encodesByPieces(base, { do_lowercase_and_remove_accent: true })).toBe(false);
    expect(encodesByPieces(byteLevelBos.tokenizer as unknown as Tokenizer, {})).toBe(true);
  });
});

describe('encodeByPieces', () => {
  it('keeps words, and not the texts that they were cut from', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const heapAfter = (texts: number): number => {
      const pieces = encodeByPieces(() => [1]);
      for (let at = 0; at < texts; at += 1) {
        pieces(`${String(at).padStart(8)} ${'x'.repeat(100_000)} aWordOfItsOwn${String(at)} `);
      }
      collect();
      const { heapUsed } = process.memoryUsage();
      // What the encoder keeps is kept until here.
      pieces('end');
      return heapUsed;
    };
    expect(heapAfter(500) - heapAfter(1)).toBeLessThan(10_000_000);
  });
});
