import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countReadings } from './count-readings.js';
import { parsePolicyText, PolicyError, resolvePolicy } from './index.js';

const base = parsePolicyText(
  readFileSync(new URL('default.yaml', import.meta.url), 'utf8'),
  'default.yaml',
);

const GOOD = {
  name: 'badge',
  type: 'ACCOUNT_NUMBER',
  format: 'AC-\\d{5}',
  matches: ['AC-20417'],
  rejects: ['AC-204'],
};

function problemsOf(...recognizers: readonly object[]) {
  const document = {
    schema: 'custos.policy.v1',
    name: 'own',
    extends: 'default',
    redact: { recognizers },
  };
  try {
    resolvePolicy('own', [base, parsePolicyText(JSON.stringify(document), 'own.yaml')]);
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.problems.map(({ pointer, expected }) => `${pointer} ${expected}`);
  }
}

describe('formats of a policy', () => {
  it.each([
    ['a plain one', GOOD],
    ['with labels', { ...GOOD, labels: ['badge', 'staff badge'] }],
    [
      'with Luhn',
      {
        ...GOOD,
        format: '\\d{8}',
        checksum: 'luhn',
        matches: ['79927398'],
        rejects: ['79927391'],
      },
    ],
    [
      'with MOD 97-10',
      {
        ...GOOD,
        format: '[A-Z]{2}\\d{4}',
        checksum: 'mod97',
        matches: ['AB1281'],
        rejects: ['AB1282'],
      },
    ],
  ])('takes %s', (_, own) => {
    expect(problemsOf(own)).toEqual([]);
  });

  it.each([
    ['another name twice', [GOOD, GOOD], '/redact/recognizers/1/name'],
    ['a type without an action', [{ ...GOOD, type: 'MONEY' }], '/redact/recognizers/0/type'],
    [
      'an example that it misses',
      [{ ...GOOD, matches: ['AC-1'] }],
      '/redact/recognizers/0/matches/0',
    ],
    [
      'one that it takes',
      [{ ...GOOD, rejects: ['x', 'AC-20418'] }],
      '/redact/recognizers/0/rejects/1',
    ],
    ['a wrong check digit', [{ ...GOOD, checksum: 'luhn' }], '/redact/recognizers/0/matches/0'],
    ['nothing at all', [{ ...GOOD, format: '\\d{0,4}' }], '/redact/recognizers/0/format'],
    ['a star', [{ ...GOOD, format: '\\d*' }], '/redact/recognizers/0/format'],
    ['a nested plus', [{ ...GOOD, format: '(a+)+' }], '/redact/recognizers/0/format'],
    ['too many ways', [{ ...GOOD, format: '(\\d{1,9}-?){1,9}' }], '/redact/recognizers/0/format'],
    ['a look-ahead', [{ ...GOOD, format: '(?=A)AC' }], '/redact/recognizers/0/format'],
    ['a back-reference', [{ ...GOOD, format: '(A)\\1' }], '/redact/recognizers/0/format'],
    ['a broken class', [{ ...GOOD, format: '[z-a]' }], '/redact/recognizers/0/format'],
    ['an open group', [{ ...GOOD, format: '(A' }], '/redact/recognizers/0/format'],
    ['no examples', [{ ...GOOD, rejects: [] }], '/redact/recognizers/0/rejects'],
    ['capitals in a label', [{ ...GOOD, labels: ['Badge'] }], '/redact/recognizers/0/labels/0'],
  ])('refuses %s', (_, recognizers, pointer) => {
    expect(problemsOf(...recognizers).map((problem) => problem.split(' ')[0])).toContain(pointer);
  });
});

it('tells what of a format is not taken, and where', () => {
  expect(problemsOf({ ...GOOD, format: 'AC-\\d*' })).toEqual([
    expect.stringMatching(/^\/redact\/recognizers\/0\/format .*"\*" is not taken at character 6$/),
  ]);
});

describe('countReadings', () => {
  it.each([
    ['AC-\\d{5}', 1],
    ['\\d{2,5}', 4],
    ['A?B?', 4],
    ['(?:A|B){2}', 4],
    ['(A|B|C)\\d{1,3}', 9],
    ['[A-Z]{1,2}(?:-\\d{1,2}){0,2}', 14],
    ['(?:\\d{1,9}){1,9}', 1_000_000],
  ])('%s: %i', (format, readings) => {
    expect(countReadings(format)).toBe(readings);
  });
});

describe('formats of a policy and its parent', () => {
  const visit = {
    ...GOOD,
    name: 'visit',
    format: 'V-\\d{5}',
    matches: ['V-20417'],
    rejects: ['V-2'],
  };
  const wide = { ...GOOD, format: 'AC-\\d{5,6}', matches: ['AC-204170'] };
  const parsed = (name: string, parent: string, recognizers: readonly object[], more = {}) =>
    parsePolicyText(
      JSON.stringify({
        schema: 'custos.policy.v1',
        name,
        extends: parent,
        redact: { recognizers },
        ...more,
      }),
      `${name}.yaml`,
    );
  const house = (more = {}) => parsed('house', 'default', [GOOD, visit], more);
  const resolved = (...recognizers: readonly object[]) =>
    resolvePolicy('ward', [base, house(), parsed('ward', 'house', recognizers)]).redact.recognizers;
  const problems = (parent: ReturnType<typeof house>, ...recognizers: readonly object[]) => {
    try {
      resolvePolicy('ward', [base, parent, parsed('ward', 'house', recognizers)]);
      return [];
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      return error.problems.map(({ file, pointer }) => `${String(file)} ${pointer}`);
    }
  };

  it.each([
    ['one with another name is added', [{ ...GOOD, name: 'case' }], ['badge', 'visit', 'case']],
    ['none takes none away', [], ['badge', 'visit']],
    ["the parent's own stays once", [GOOD], ['badge', 'visit']],
  ])('are put together by name: %s', (_, own, names) => {
    expect(resolved(...own)?.map(({ name }) => name)).toEqual(names);
  });

  it("are put together by name: the child's stands in the place of the parent's, whole", () => {
    const labelled = parsed('house', 'default', [{ ...GOOD, labels: ['badge'] }, visit]);
    const { recognizers } = resolvePolicy('ward', [
      base,
      labelled,
      parsed('ward', 'house', [wide]),
    ]).redact;
    expect(recognizers).toEqual([wide, visit]);
  });

  it.each([
    ['twice in the child', [wide, wide], ['ward.yaml /redact/recognizers/1/name']],
    [
      'the second of the child, the fourth of all',
      [wide, { ...visit, name: 'case', matches: ['W-1'] }],
      ['ward.yaml /redact/recognizers/1/matches/0'],
    ],
  ])('that are wrong are named where they stand: %s', (_, own, expected) => {
    expect(problems(house(), ...own)).toEqual(expected);
  });

  it('that are wrong in the parent are named there', () => {
    const wrong = parsed('house', 'default', [GOOD, { ...visit, matches: ['W-1'] }]);
    expect(problems(wrong, { ...GOOD, name: 'case' })).toEqual([
      'house.yaml /redact/recognizers/1/matches/0',
    ]);
  });

  it.each([
    ['a change is refused', [wide], ['ward.yaml /redact/recognizers']],
    ['the same again is none', [GOOD], []],
  ])('keep to a lock of the parent: %s', (_, own, expected) => {
    expect(problems(house({ locked: ['/redact/recognizers'] }), ...own)).toEqual(expected);
  });
});
