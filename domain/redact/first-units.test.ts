import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEPTH, END, firstUnits, mayStand, OTHER } from './first-units.js';
import { needsDigit } from './needs-digit.js';
import { patternsAt, placeFilter } from './place-filter.js';
import { RECOGNIZERS } from './recognizers/index.js';

const PATTERNS: readonly RegExp[] = [
  /\d{3}-\d{2}/y,
  /(?:ab|c)?\d+x/y,
  /(?<!\w)[A-Z]{2}[0-9A-Z]{2,30}(?=;)/iy,
  /(?<word>\p{Lu}\p{Ll}{1,9})(?: \p{Lu}\p{L}+){0,2}!/uy,
  /(?:k|ſ)s?\W/iuy,
  /[^a-y](?:.|\n){2}$/y,
  /(\w)-\1/y,
  /x{0,3}(?:y{2}|z)*q/y,
  /(?:)a?/y,
];

const filterOf = (patterns: readonly RegExp[], prefix = '', most = DEPTH) =>
  placeFilter(patterns.map(firstUnits), prefix, most);

const possibleAt = (filter: ReturnType<typeof filterOf>, text: string, at: number): number[] => [
  ...patternsAt(filter, text, at),
];

const matches = ({ source, flags }: RegExp, text: string, at: number): boolean => {
  const regex = new RegExp(source, `${flags.replace(/[gy]/g, '')}y`);
  regex.lastIndex = at;
  return regex.test(text);
};

const texts = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...Array.from('aAbcxyzqkKs019 -.:;@!ſ\u212aÄß😀')),
    fc.constantFrom('12-34', '123-45', 'Anna', ' Doe', 'AB12'),
  ),
  maxLength: 24,
});

describe('what may stand at the first places of a match', () => {
  it.each([
    [/ab/, 0, 'a', true],
    [/ab/, 0, 'b', false],
    [/ab/, 1, 'b', true],
    [/ab/, 2, 'z', true],
    [/ab/i, 0, 'A', true],
    [/a?b/, 0, 'b', true],
    [/(?<=x)\d/, 0, '7', true],
    [/(?=x)\d/, 0, 'x', false],
    [/\d{2,}x/, 5, 'x', true],
    [/\d{2,}x/, 1, 'x', false],
  ] as const)('%s at %i takes "%s": %s', (regex, place, char, takes) => {
    const any = firstUnits(regex).some((units) => mayStand(units, place, char.charCodeAt(0)));
    expect(any).toBe(takes);
  });

  it('is the end of the text only behind the shortest match', () => {
    const [units] = firstUnits(/ab?/);
    expect([0, 1, 2].map((place) => units && mayStand(units, place, END))).toEqual([
      false,
      true,
      true,
    ]);
  });

  it.each([
    [/\d/, false],
    [/[A-Z]/, false],
    [/[k]/iu, true],
    [/[k]/i, false],
    [/\p{L}/u, true],
    [/[^a]/, true],
    [/\w/, false],
    [/\s/, true],
    [/./, true],
    [/é/, true],
  ] as const)('%s takes units that are not ASCII: %s', (regex, takes) => {
    expect(firstUnits(regex).some((units) => mayStand(units, 0, OTHER))).toBe(takes);
  });
});

describe('a filter of places', () => {
  it('leaves no pattern out that matches', () => {
    const filter = filterOf(PATTERNS);
    fc.assert(
      fc.property(texts, (text) => {
        for (let at = 0; at <= text.length; at += 1) {
          const possible = possibleAt(filter, text, at);
          const matching = PATTERNS.flatMap((regex, id) => (matches(regex, text, at) ? [id] : []));
          expect(possible).toEqual(expect.arrayContaining(matching));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves no pattern of the recognizers out that matches one of their examples', () => {
    const patterns = RECOGNIZERS.flatMap((recognizer) =>
      recognizer.patterns.flatMap((pattern) => ('regex' in pattern ? [pattern.regex] : [])),
    );
    const filter = filterOf(patterns);
    let matching = 0;
    for (const { matches: examples } of RECOGNIZERS) {
      for (const [text] of examples) {
        patterns.forEach((regex, id) => {
          const global = new RegExp(regex.source, `${regex.flags.replace(/[gy]/g, '')}g`);
          for (const { index } of text.matchAll(global)) {
            matching += 1;
            expect([regex.source, text, possibleAt(filter, text, index)]).toEqual([
              regex.source,
              text,
              expect.arrayContaining([id]),
            ]);
          }
        });
      }
    }
    expect(matching).toBeGreaterThan(500);
  });

  it('leaves out what cannot match, and beginnings that a word cannot have', () => {
    const filter = filterOf([/my name is/y, /may \d/y, /to:/y], 'my', 3);
    expect(possibleAt(filter, 'My name', 2)).toEqual([0]);
    expect(possibleAt(filter, 'My 1', 2)).toEqual([]);
  });
});

describe('a pattern that needs a digit', () => {
  it.each([
    [/\d{3}/, true],
    [/[A-Z]{2}\d?/, false],
    [/(?=[A-Z]{0,9}\d)[A-Z\d]{4,9}/, true],
    [/(?!\d)[A-Z\d]{4,9}/, false],
    [/(?:\d|[0-9]x)y/, true],
    [/(?:\d|z)y/, false],
    [/[A-Z]7/, true],
    [/\D/, false],
  ] as const)('%s: %s', (regex, needs) => {
    expect(needsDigit(regex)).toBe(needs);
  });
});
