import { describe, expect, it } from 'vitest';
import { beforeLabel, labelled } from '../domain/redact/recognizers/labelled.js';
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

/** What every recognizer with a label is made of; `npm run bench backtracking` judges each of them. */
describe('a label beside its value', () => {
  it.each([
    ['before it', labelled(['id'], String.raw`\d{4,8}`).regex],
    ['behind it', beforeLabel(['account'], String.raw`\d[\dA-Z]{3,17}(?:[- ]\d{1,11}){0,4}`).regex],
  ])(
    '%s takes linear time',
    (_, regex) => {
      expect(judgeBacktracking(regex)).toBe('linear');
    },
    TIMEOUT_MS,
  );
});
