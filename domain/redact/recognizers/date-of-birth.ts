import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';
import { DATE_FROM_DIGIT, DATE_FROM_MONTH, DATE_SOURCE, MONTH_WORDS } from './date-patterns.js';

const CUES = [
  'dob',
  'd.o.b',
  'd.o.b.',
  'date of birth',
  'birth date',
  'birthday',
  'born',
  'born on',
  'born in',
  'born on the',
  'née le',
  'né le',
  'nacido el',
  'nata il',
  'nato il',
  'geb.',
  'geboren',
  'geboren am',
  'geburtsdatum',
  'date de naissance',
  'fecha de nacimiento',
  'data di nascita',
];

const YEAR = String.raw`(?:18[89]|19\d|20[0-2])\d(?![-/.]\d)`;

export const dateOfBirth: Recognizer = {
  name: 'date-of-birth',
  type: 'DATE_OF_BIRTH',
  patterns: [
    // Above what the same date scores as a date.
    ...besideLabel(CUES, String.raw`(?:${DATE_SOURCE})(?![\w]|[-/]\d)`, {
      score: 0.99,
      farScore: 0.985,
    }),
    // What else is born in a year is no person, so that the word alone tells less.
    ...besideLabel(CUES, YEAR, { score: 0.15, farScore: 0.1 }, 'year-beside-cue'),
    ...besideLabel(
      ['year of birth', 'birth year', 'yob', 'geburtsjahr', 'année de naissance'],
      YEAR,
      { score: 0.6 },
      'year',
    ),
    {
      name: 'date-near-cue',
      anchor: 'number',
      regex: new RegExp(String.raw`(?<![\w\-/.])(?:${DATE_FROM_DIGIT})(?![\w]|[-/]\d)`, 'gi'),
      score: 0.25,
      needsContext: true,
    },
    {
      name: 'written-date-near-cue',
      anchor: MONTH_WORDS,
      regex: new RegExp(String.raw`(?<![\w\-/.])(?:${DATE_FROM_MONTH})(?![\w]|[-/]\d)`, 'gi'),
      score: 0.25,
      needsContext: true,
    },
  ],
  context: {
    words: ['dob', 'd.o.b', 'date of birth', 'birthdate', 'birth date', 'birthday', 'born'],
    boost: 0.45,
    charsBefore: 40,
    charsAfter: 16,
  },
  matches: [
    ['DOB: 03/12/1985', '03/12/1985'],
    ['born on March 12, 1985 in', 'March 12, 1985'],
    ['date of birth is 12 March 1985.', '12 March 1985'],
    ['"dob":"1985-03-12"', '1985-03-12'],
    ['geboren am 3. März 1980 in', '3. März 1980'],
    ['fecha de nacimiento: 15 de agosto de 1985', '15 de agosto de 1985'],
    ['She was born in 1985 in Oslo', '1985'],
    ['year of birth: 1961', '1961'],
    ['(1985-03-12, date of birth)', '1985-03-12'],
    ['her birthday is the 4th of July 1990', '4th of July 1990'],
  ],
  rejects: [
    'due on 03/12/2024',
    'born ready',
    'born 1985 times',
    'founded in 1985',
    'DOB 12',
    'version 1.2.2024',
  ],
};
