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

/** In other languages than English, where the age is said of somebody. */
const ABROAD = String.raw`[ -]?(?:Jahre? alt|jährig(?:e[rnsm]?)?|års|jaar oud|lat\b(?! temu))(?![\p{L}])|(?:歳|세|岁|歲)`;

const beforeUnit = (number: string): RegExp =>
  new RegExp(String.raw`(?<![\w.$€£+]|\d,|\w[-/])${number}(?:${AFTER})`, 'gi');

const abroad = (number: string): RegExp =>
  new RegExp(
    String.raw`(?<![\w.$€£+]|\d,|\w[-/])${number}(?:${ABROAD})|(?<=(?<!\p{L})(?:âgée? de|(?:mujer|hombre|paciente|señora?|abonad[oa]|client[ea]) de|(?:donna|uomo|signora?|paziente|cliente) di|(?:mulher|homem) de) )${number} (?:ans|años|anni|anos)(?!\p{L})`,
    'giu',
  );

function ages(number: string): Recognizer['patterns'] {
  return [
    ...besideLabel(
      WORDS,
      String.raw`${number}(?:${AFTER})?(?![%\p{L}\p{N}]|[.,:/-]\d| ?(?:%|percent|to |and |times))`,
      { score: 0.9 },
    ),
    { name: 'years-old', regex: beforeUnit(number), score: 0.92, anchor: 'number' },
    { name: 'in-other-languages', regex: abroad(number), score: 0.85, anchor: 'number' },
  ];
}

const SPELLED = String.raw`(?:ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|(?:a|one) hundred(?: and (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))?)`;

/** Ages above 89 have to go: 45 CFR 164.514(b)(2)(i)(C). */
export const ageOver89: Recognizer = {
  name: 'age-over-89',
  type: 'AGE_OVER_89',
  patterns: [
    ...ages(OLD),
    {
      name: 'spelled',
      anchor: ['ninety', 'a', 'one', 'aged', 'turned', 'turns'],
      regex: new RegExp(
        String.raw`(?<!\p{L})(?:(?:aged|turned|turns) (?<value>${SPELLED})(?! (?:percent|times|degrees))|${SPELLED}[ -](?:years?[ -](?:old|of age)))(?!\p{L})`,
        'giu',
      ),
      score: 0.9,
    },
  ],
  matches: [
    ['a 94-year-old woman', '94-year-old'],
    ['age: 91', '91'],
    ['she turned 101 in May', '101'],
    ['97 y/o male', '97 y/o'],
    ['grandad turned ninety-four last', 'ninety-four'],
    ['a ninety-two year old man', 'ninety-two year old'],
    ['Der Patient, 91 Jahre alt', '91 Jahre alt'],
    ['âgée de 95 ans, vit seule', '95 ans'],
    ['paciente de 98 años con', '98 años'],
    ['患者、92歳、男性', '92歳'],
  ],
  rejects: [
    'age 45',
    'aged 90% of',
    'room 94',
    'a 30 year old',
    'page 94',
    'il y a 95 ans',
    'seit 95 Jahren',
  ],
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
