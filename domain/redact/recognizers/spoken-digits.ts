import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

const DIGITS = 'zero oh nought naught one two three four five six seven eight nine'.split(' ');
const FIRST = [...DIGITS, 'double', 'triple'];
const ITEM = String.raw`(?:(?:double|triple)[ -])?(?:${DIGITS.join('|')})`;
/** Who counts tells no number. */
const COUNTING = '(?!one,? two,? three,? four(?!\\p{L}))';
/** So many of them in a row, with commas where the speaker drew breath. */
const run = (least: number, most: number): string =>
  String.raw`${COUNTING}${ITEM}(?:(?: ?[,.–-] ?| )${ITEM}){${String(least - 1)},${String(most - 1)}}`;
/** A whole number, and not the beginning of a longer one. */
const whole = (least: number, most: number): string =>
  String.raw`${run(least, most)}(?![\p{L}\p{N}])(?!(?: ?[,–-] ?| )(?:${FIRST.join('|')})(?!\p{L}))`;
const alone = (least: number, most: number): RegExp =>
  new RegExp(
    String.raw`(?<![\p{L}\p{N}])(?<!(?:${DIGITS.join('|')})(?: ?[,.–-] ?| ))${whole(least, most)}`,
    'giu',
  );

const AGAINST =
  'order tracking serial confirmation ticket invoice version part model pin extension';

/** Numbers that somebody reads out, as transcripts of calls and voice mail have them. */
export const SPOKEN_DIGITS: readonly Recognizer[] = [
  {
    name: 'spoken-phone-number',
    type: 'PHONE_NUMBER',
    patterns: [{ name: 'digit-by-digit', anchor: FIRST, regex: alone(7, 13), score: 0.7 }],
    context: { words: [], boost: 0, against: AGAINST.split(' '), penalty: 0.4 },
    matches: [
      [
        'My number is four one five, five five five, oh one seven two. I',
        'four one five, five five five, oh one seven two',
      ],
      [
        'ring oh seven double seven oh nine hundred, no: oh seven seven one two three four five six seven eight',
        'oh seven seven one two three four five six seven eight',
      ],
      ['at five five five oh one two three, thanks', 'five five five oh one two three'],
    ],
    rejects: [
      'one two three, testing',
      'one two three four five six seven eight',
      'two or three of the four',
      'one, two, three, four, five, six',
      'the order was one four four seven two nine one',
    ],
  },
  {
    name: 'spoken-card-number',
    type: 'CREDIT_CARD',
    patterns: [{ name: 'digit-by-digit', anchor: FIRST, regex: alone(15, 19), score: 0.85 }],
    matches: [
      [
        'is four seven one six, zero eight five five, nine five seven two, eight nine six three, was',
        'four seven one six, zero eight five five, nine five seven two, eight nine six three',
      ],
      [
        'card three seven eight two eight two two four six three one zero zero oh five',
        'three seven eight two eight two two four six three one zero zero oh five',
      ],
      [
        'five five five five five five five five five five five five four four four four ok',
        'five five five five five five five five five five five five four four four four',
      ],
    ],
    rejects: ['one two three four five', 'oh oh oh', 'nine nine nine is the number'],
  },
  {
    name: 'spoken-social-security',
    type: 'US_SSN',
    patterns: besideLabel(
      ['ssn', 'social', 'social security', 'social security number'],
      whole(9, 9),
      { score: 0.9 },
    ),
    matches: [
      [
        'my social is two one nine, oh nine, nine nine nine nine',
        'two one nine, oh nine, nine nine nine nine',
      ],
      [
        'SSN: two one nine zero nine nine nine nine nine',
        'two one nine zero nine nine nine nine nine',
      ],
      [
        'social security number, that is four five six, one two, three four five six',
        'four five six, one two, three four five six',
      ],
    ],
    rejects: [
      'social security of one in nine',
      'ssn one two three',
      'social one two three four five six seven eight nine zero one',
    ],
  },
  {
    name: 'spoken-account-number',
    type: 'ACCOUNT_NUMBER',
    patterns: besideLabel(
      [
        'account',
        'account number',
        'policy',
        'policy number',
        'member',
        'member number',
        'loan number',
      ],
      whole(6, 14),
      { score: 0.85 },
    ),
    matches: [
      [
        'the account number is six four four seven two nine one eight',
        'six four four seven two nine one eight',
      ],
      [
        'policy number: double two nine, oh four, seven seven',
        'double two nine, oh four, seven seven',
      ],
      ['my member number is six six one two oh nine four', 'six six one two oh nine four'],
    ],
    rejects: [
      'account for one of two',
      'one account, two accounts, three',
      'the policy has one two three steps',
    ],
  },
];
