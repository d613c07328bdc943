import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openTagger } from '../../../infra/redaction/index.js';
import { CASE, caseClass } from './case-class.js';
import { decodeNames } from './labels.js';
import type { Gate, TaggedWord } from './types.js';
import { cutWindows, encodeWindow } from './windows.js';
import { createNameTagger } from './name-tagger.js';
import { isGateSize, splitByGate } from './gate.js';
import { wordPieces } from './word-piece.js';
import { WordReader } from './word-reader.js';

const VOCABULARY = ['[PAD]', 'jane', 'ro', '##e', '.', '张', 'cafe', '!'];
const pieces = new WordReader(wordPieces(VOCABULARY.join('\n')));
const FRAME = { before: [101], after: [102], subwords: 126 };
const textsOf = (text: string): string[] =>
  pieces.words(text).map(({ start, end }) => text.slice(start, end));

describe('words', () => {
  it.each([
    ['Jane Roe.', ['Jane', 'Roe', '.']],
    ['👋🏽 Café-张敏', ['👋🏽', 'Café', '-', '张', '敏']],
    ['a\u200bb\r\nc', ['a\u200bb', 'c']],
    ['', []],
  ])('of %j', (text, expected) => {
    expect(textsOf(text)).toEqual(expected);
  });

  it('have subwords, longest first, and the unknown as one', () => {
    expect(pieces.words('Roe café zzz').map(({ ids }) => ids)).toEqual([[2, 3], [6], [100]]);
  });

  it('know lines and where a sentence starts', () => {
    const words = pieces.words('"Jane" Roe.\nRoe Jane! Jane');
    const marks = words.map(({ kind, line }) => [kind, line]);
    expect(marks).toEqual([
      [CASE.punctuation, 0],
      [CASE.titleAtStart, 0],
      [CASE.punctuation, 0],
      [CASE.title, 0],
      [CASE.punctuation, 0],
      [CASE.titleAtStart, 1],
      [CASE.title, 1],
      [CASE.punctuation, 1],
      [CASE.titleAtStart, 1],
    ]);
  });

  it.each([
    ['jane', CASE.lower],
    ['Jane', CASE.title],
    ['JANE', CASE.caps],
    ['J', CASE.singleCapital],
    ['McKay', CASE.mixed],
    ['B2B', CASE.digit],
    ['张', CASE.lower],
  ])('%s has its case class', (word, expected) => {
    expect(caseClass(word, false)).toBe(expected);
  });
});

describe('windows', () => {
  it('hold every word once, in order, and at most 128 subwords', () => {
    const part = fc.constantFrom('jane ', 'roe ', '. ', '\n', 'zzz ', 'roeroeroe ');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 400 }), (parts) => {
        const words = pieces.words(parts.join(''));
        let next = 0;
        for (const window of cutWindows(words, FRAME.subwords)) {
          expect(window.from).toBe(next);
          expect(window.to).toBeGreaterThan(window.from);
          expect(encodeWindow(words, window, FRAME).ids.length).toBeLessThanOrEqual(128);
          next = window.to;
        }
        expect(next).toBe(words.length);
      }),
    );
  });
});

/** A word whose labels have these probabilities; the rest goes to "none". */
const word = (at: number, line: number, given: Readonly<Record<number, number>>): TaggedWord => {
  const probabilities = new Float32Array(7);
  for (const [label, p] of Object.entries(given)) probabilities[Number(label)] = p;
  probabilities[0] = 1 - probabilities.reduce((sum, p) => sum + p, 0);
  return { start: at, end: at + 1, line, probabilities };
};
const PERSON = { begin: 1, inside: 2 } as const;

describe('decodeNames', () => {
  const sizes = (words: readonly TaggedWord[], minScore: number): string[] =>
    decodeNames(words, minScore).map((name) => `${name.type} ${String(name.words.length)}`);

  it.each([
    ['a beginning and what goes on', [{ 1: 0.9 }, { 2: 0.9 }], 0.5, ['PERSON 2']],
    ['two that begin', [{ 1: 0.9 }, { 1: 0.9 }], 0.5, ['PERSON 1', 'PERSON 1']],
    ['going on from nothing as a beginning', [{ 2: 0.6, 1: 0.3 }], 0.5, ['PERSON 1']],
    ['nothing below the score', [{ 1: 0.3 }], 0.35, []],
    ['all types together', [{ 1: 0.15, 3: 0.15, 5: 0.15 }], 0.35, ['PERSON 1']],
  ])('takes %s', (_, given, minScore, expected) => {
    const words = given.map((probabilities, at) => word(at, 0, probabilities));
    expect(sizes(words, minScore)).toEqual(expected);
  });

  it('lets no name cross a line', () => {
    const words = [
      word(0, 0, { [PERSON.begin]: 0.9 }),
      word(1, 1, { [PERSON.begin]: 0.1, [PERSON.inside]: 0.8 }),
    ];
    expect(sizes(words, 0.5)).toEqual(['PERSON 1', 'PERSON 1']);
  });
});

/** Tables that know one thing: "jane" in lower case scores 100. */
function gateOfJane(): Gate {
  const tables = new Int8Array(4 * VOCABULARY.length + 32);
  tables[VOCABULARY.indexOf('jane')] = 100;
  return { tables, threshold: 50 };
}

describe('a gate', () => {
  const open = (text: string, gate: Gate | undefined): string =>
    splitByGate(pieces.words(text), gate).open.join('');

  it.each([
    ['a sentence with a likely name, whole', 'cafe jane. cafe cafe', '11100'],
    ['a line with one, and no other', 'cafe\njane cafe\ncafe', '0110'],
    ['nothing where no word is likely', 'cafe cafe! cafe', '0000'],
    ['nothing of an empty text', '', ''],
  ])('opens %s', (_, text, expected) => {
    expect(open(text, gateOfJane())).toBe(expected);
  });

  it('counts the neighbours in the line, and no others', () => {
    const tables = new Int8Array(4 * VOCABULARY.length + 32);
    tables[2 * VOCABULARY.length + VOCABULARY.indexOf('jane')] = 100;
    const gate = { tables, threshold: 50 };
    expect(open('jane cafe', gate)).toBe('11');
    expect(open('jane\ncafe', gate)).toBe('00');
  });

  it('that is none opens everything', () => {
    expect(open('cafe cafe! cafe', undefined)).toBe('1111');
  });

  it.each([
    [4 * 8 + 32, true],
    [4 * 8 + 33, false],
    [32, false],
    [0, false],
  ])('of %i numbers has a size that fits: %s', (length, expected) => {
    expect(isGateSize(length)).toBe(expected);
  });

  it('keeps from the model what it does not open, and says how unlikely a name is there', async () => {
    const asked: number[] = [];
    const tagger = createNameTagger({
      name: 'counting',
      digest: 'sha256:0',
      subwords: wordPieces(VOCABULARY.join('\n')),
      frame: FRAME,
      temperature: 1,
      gate: gateOfJane(),
      classify: (ids) => {
        asked.push(ids.length);
        return Promise.resolve(new Float32Array(ids.length * 7));
      },
    });
    const [words = []] = await tagger.tag(['cafe cafe. cafe jane.']);
    // Three words and the frame.
    expect(asked).toEqual([5]);
    expect(words.map(({ probabilities }) => Number((probabilities[0] ?? 0).toFixed(2)))).toEqual([
      0.5, 0.5, 0.5, 0.14, 0.14, 0.14,
    ]);
  });
});

describe('a tagger', () => {
  const text = 'Angela Merkel flew from Berlin to Paris with Siemens.';

  it('labels a text the same whatever stands beside it, and on every call', async () => {
    const tagger = await openTagger('fast');
    const alone = await tagger?.tag([text]);
    const among = await tagger?.tag(['Ticket 4711 is open.', text, 'x '.repeat(500)]);
    expect(among?.[1]).toEqual(alone?.[0]);
    expect(await tagger?.tag([text])).toEqual(alone);
  });
});
