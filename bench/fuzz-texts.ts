import { proseBlock, randomFrom } from './redaction-text.js';

type Random = (below: number) => number;

/** What begins a match of some recognizer: repeated, it is what a backtracking pattern fears. */
const TRIGGERS = [
  ...[
    '@',
    'a@',
    'a.',
    '+',
    '+1',
    '(',
    '[',
    '-',
    '.',
    ':',
    '::',
    '0:',
    '/',
    '\\',
    '"',
    "'",
    '<',
    '{',
  ],
  ...['1', '1 ', '1-', '1.', '12/', '4111', '4111 ', 'a ', 'Aa ', 'A.', '\n', '\r\n', ' ', '\t'],
  ...['Dear ', 'name is ', 'Mr. ', 'account 1', 'account: ', 'password is ', 'DE12', 'GB12ABCD'],
  ...['eyJ', 'eyJ.', 'http://', 'http://a', 'www.', '-----BEGIN PRIVATE KEY-----', '12 Main '],
  ...['SSN ', 'DOB ', 'MRN ', 'zip ', 'born on ', 'bc1', '0x', 'sk_live_', 'AKIA', '00:', 'fe80:'],
  ...['account? ', '1 (account)', '1 is my account ', 'account|', '\naccount;a', 'account.\n'],
  ...["(account, a) VALUES ('", "'1', ''), ('", 'accountNumberOld', 'account that '],
  ...['A', 'aA', 'AAb', 'SSNValue', 'account 12345, ', '12345 and ', 'a|b\n'],
  ...['張', '张敏', '\u0301', '\u200d', '👋🏽', '🇩🇪', 'é', 'ا', '\ud800', '\udc00', '\u0000', '[A_'],
];

/** Any UTF-16 unit, lone surrogates included. */
const anyUnits = (random: Random, length: number): string =>
  Array.from({ length }, () => String.fromCharCode(random(65_536))).join('');

const anyPoints = (random: Random, length: number): string =>
  Array.from({ length }, () => String.fromCodePoint(random(0x11_0000))).join('');

const ascii = (random: Random, length: number): string =>
  Array.from({ length }, () => String.fromCharCode(32 + random(95))).join('');

const pick = <T>(random: Random, items: readonly T[]): T => items[random(items.length)] as T;

const repeated = (random: Random, length: number): string => {
  const unit = Array.from({ length: 1 + random(3) }, () => pick(random, TRIGGERS)).join('');
  return unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
};

const mixed = (random: Random, length: number): string => {
  let text = '';
  while (text.length < length) {
    const part = pick(random, [anyUnits, anyPoints, ascii, repeated]);
    text += part(random, 1 + random(40));
  }
  return text;
};

const deepJson = (random: Random, length: number): string => {
  const depth = Math.floor(length / 4);
  const [open, close] = pick(random, [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const);
  const inside = JSON.stringify(pick(random, TRIGGERS) + ascii(random, 12));
  const times = Math.max(1, Math.floor(depth / open.length));
  return open.repeat(times) + inside + close.repeat(times);
};

/** JSON with many strings and numbers, escapes among them. */
const wideJson = (random: Random, length: number): string => {
  const values: unknown[] = [];
  for (let size = 0; size < length;) {
    const value = random(3) === 0 ? random(1 << 30) : mixed(random, random(60));
    values.push(value);
    size += 12 + String(value).length;
  }
  return JSON.stringify(values);
};

export const FUZZ_KINDS = {
  units: anyUnits,
  points: anyPoints,
  ascii,
  repeated,
  mixed,
  'deep-json': deepJson,
  'wide-json': wideJson,
} as const satisfies Record<string, (random: Random, length: number) => string>;

export type FuzzKind = keyof typeof FUZZ_KINDS;

const KINDS = Object.keys(FUZZ_KINDS) as readonly FuzzKind[];

export interface FuzzInput {
  readonly kind: FuzzKind;
  readonly text: string;
}

/**
 * Input number `at` of a seed, the same at any time. Most are short; one in `longEvery` has a
 * million characters.
 */
export function fuzzInput(seed: number, at: number, longEvery: number): FuzzInput {
  const random = randomFrom(seed * 7919 + at * 104_729 + 1);
  for (let warm = 0; warm < 8; warm += 1) random(2);
  const kind = pick(random, KINDS);
  const length = at % longEvery === longEvery - 1 ? 1_000_000 : 1 + random(4000);
  return { kind, text: FUZZ_KINDS[kind](random, length) };
}

/** Prose of a length, for comparison. */
export function plainText(length: number): string {
  let text = proseBlock(Math.min(length + 1, 1 << 20), 77);
  while (text.length < length) text += text;
  return text.slice(0, length);
}
