import { describe, expect, it } from 'vitest';
import { besideLabel } from '../domain/redact/recognizers/labelled.js';
import { judgeBacktracking } from './judge-backtracking.js';

const TIMEOUT_MS = 60_000;

describe('judgeBacktracking', () => {
  it.each([
    [/(?<!a)(a+)+$/g, 'exponential'],
    [/(?<!\w)(?:\w{1,60} ?){1,60}@/g, 'exponential'],
    [/(?=(?:a+)+$)b/g, 'exponential'],
    [/\s+$/g, 'polynomial'],
    [/(?<!x)\d+-?\d+$/g, 'polynomial'],
    [/(?<![\w])[\w.]{1,64}(?:[.]\w{1,64}){1,8}@/gi, 'polynomial'],
    [/(?<!\w)\d(?:[ -]?\d){12,18}(?!\w)/g, 'linear'],
    [/(?<!\p{L})\p{Lu}\p{L}{0,24}(?: \p{Lu}\p{L}{0,24}){0,4}(?!\p{L})/gu, 'linear'],
  ] as const)(
    '%s: %s',
    (regex, growth) => {
      expect(judgeBacktracking(regex)).toBe(growth);
    },
    TIMEOUT_MS,
  );
});

/** The values that stand beside a label; `npm run bench backtracking` judges each of them. */
describe('a value beside its label', () => {
  it.each([
    ['digits', besideLabel(['id'], String.raw`\d{4,8}`, { score: 1 })],
    [
      'groups',
      besideLabel(['account'], String.raw`\d[\dA-Z]{3,17}(?:[- ]\d{1,11}){0,4}`, { score: 1 }),
    ],
  ])(
    'made of %s takes linear time',
    (_, [pattern]) => {
      expect(judgeBacktracking(pattern?.value ?? /(?:a+)+$/)).toBe('linear');
    },
    TIMEOUT_MS,
  );
});
