import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

const OLD = String.raw`(?:9\d|1[01]\d|12[0-5])`;
const ANY = String.raw`(?:[1-8]?\d)`;
const AFTER = String.raw`[ -]?(?:years?|yrs?|y)[ -]?(?:old|of age|o\b)|[ -]?(?:yo|y\/o)\b`;
const WORDS = [
  'age',
  'aged',
  'ages',
  'turned',
  'turns',
  'alter',
  'edad',
  'âge',
  'patient age',
  'age at admission',
  'age at visit',
];

const beforeUnit = (number: string): RegExp =>
  new RegExp(String.raw`(?<![\w.$€£+]|\d,|\w[-/])${number}(?:${AFTER})`, 'gi');

function ages(number: string): Recognizer['patterns'] {
  return [
    ...besideLabel(
      WORDS,
      String.raw`${number}(?:${AFTER})?(?![%\p{L}\p{N}]|[.,:/-]\d| ?(?:%|percent|to |and |times))`,
      { score: 0.9 },
    ),
    { name: 'years-old', regex: beforeUnit(number), score: 0.92, anchor: 'number' },
  ];
}

/** Ages above 89 have to go: 45 CFR 164.514(b)(2)(i)(C). */
export const ageOver89: Recognizer = {
  name: 'age-over-89',
  type: 'AGE_OVER_89',
  patterns: ages(OLD),
  matches: [
    ['a 94-year-old woman', '94-year-old'],
    ['age: 91', '91'],
    ['she turned 101 in May', '101'],
    ['97 y/o male', '97 y/o'],
  ],
  rejects: ['age 45', 'aged 90% of', 'room 94', 'a 30 year old', 'page 94'],
};

export const age: Recognizer = {
  name: 'age',
  type: 'AGE',
  patterns: ages(ANY),
  matches: [
    ['a 34-year-old man', '34-year-old'],
    ['Age: 45', '45'],
    ['58 yo female', '58 yo'],
  ],
  rejects: ['page 45', '10 years ago', 'stage 3', 'age group'],
};
