import { stdnum } from 'stdnum';
import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

/**
 * Areas and groups that were never issued do not pass, taxpayer numbers (9xx) and well-known samples
 * neither; a person may still have written one.
 */
function validateSsn(value: string): 'passed' | 'unconfirmed' | 'failed' {
  const digits = value
    .replace(/[OoQD]/g, '0')
    .replace(/[Il|]/g, '1')
    .replace(/[Ss]/g, '5')
    .replace(/[Zz]/g, '2')
    .replace(/B/g, '8')
    .replace(/\D/g, '');
  if (/^(\d)\1+$/.test(digits)) return 'failed';
  return stdnum.US?.ssn?.validate(digits).isValid === true ? 'passed' : 'unconfirmed';
}

const SSN = String.raw`(?:ssn|social(?: security)?(?: number| no\.?)?)`;
/** A digit, or a letter that a scan takes for one. */
const MISREAD = String.raw`[\dOQDIlSZB|]`;
const LAST = String.raw`last (?:4|four)(?: digits)?`;

export const usSsn: Recognizer = {
  name: 'us-ssn',
  type: 'US_SSN',
  patterns: [
    {
      name: 'dashed',
      anchor: 'number',
      regex: /(?<![\w\-.])\d{3}([-–‑])\d{2}\1\d{4}(?![\w]|-\d)/g,
      score: 0.6,
      passedScore: 0.85,
    },
    {
      name: 'spaced',
      anchor: 'number',
      regex: /(?<![\w\-.])(?<!\d )\d{3}(?: \d{2} |\.\d{2}\.)\d{4}(?![\w]|[-.]\d)/g,
      score: 0.35,
      passedScore: 0.6,
    },
    {
      name: 'bare',
      anchor: 'number',
      regex: /(?<![\w\-.$#])\d{9}(?![\w]|[-.]\d)/g,
      score: 0.5,
      passedScore: 0.6,
      needsContext: true,
    },
    {
      // What is left of a number that was masked, or read out to prove who calls.
      name: 'last-four',
      anchor: ['ssn', 'social', 'last'],
      regex: new RegExp(
        String.raw`(?<!\w)(?:${SSN}(?: on file| on record)?,? (?:(?:that )?ends|ending|${LAST})(?: (?:in|with|is|are))?|${LAST} (?:of|on|for) (?:(?:my|your|his|her|their|the) )?${SSN}(?: (?:is|are))?):? (?<value>\d{4})(?![\w]|[-.,/]\d)`,
        'gi',
      ),
      score: 0.5,
    },
    {
      name: 'masked',
      anchor: 'number',
      regex:
        /(?:(?<=(?<![\w*#•])[x*#•]{3}[- ]?[x*#•]{2}[- ]?)|(?<=(?<![\w*#•])[x*#•]{3}[- ]?)x{2}|(?<![\w*#•])x{5})(?<value>\d{4})(?![\w]|[-.,/]\d)/gi,
      score: 0.5,
    },
    {
      // Scanned badly, its label as well: `S5N: 5I2-O3-6716`.
      name: 'scanned',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<=(?<![A-Za-z\d])(?:[S5]{2}N|S[O0]C(?:[I1l]AL|\.)? ?SEC(?:UR[I1l]TY|\.)?)(?: ?(?:N[O0UM]{1,2}(?:BER)?\.?|#))?[:;.]? {0,4})(?=(?:[A-Za-z|-]{0,4}\d){4})${MISREAD}{3}([- ])${MISREAD}{2}\1${MISREAD}{4}(?![\w]|-\w)`,
        'gi',
      ),
      score: 0.85,
      passedScore: 0.9,
    },
    ...besideLabel(
      [
        'ssn',
        'social security',
        'social security number',
        'soc sec',
        'itin',
        'tin',
        'tax id',
        'ss#',
      ],
      String.raw`\d{3}([- .]?)\d{2}\1\d{4}(?![-.]\d)`,
      { score: 0.6, passedScore: 0.7 },
    ),
  ],
  validate: validateSsn,
  context: {
    words: [
      'ssn',
      'ssns',
      'social',
      'social security',
      'social security number',
      'soc sec',
      'taxpayer',
      'tax id',
      'tin',
      'itin',
      'ss#',
      'w-2',
      'w2',
    ],
    boost: 0.3,
  },
  matches: [
    ['SSN: 123-45-6789.', '123-45-6789'],
    ['redact 123–45–6789 on p. 3', '123–45–6789'],
    ['social security number is 123 45 6789', '123 45 6789'],
    ['ITIN 912-70-1234', '912-70-1234'],
    ['ssn 123456789', '123456789'],
    ['078-05-1120', '078-05-1120'],
    ['the SSN on file ends in 6789', '6789'],
    ['last four of my social are 6789', '6789'],
    ['SSN xxx-xx-4417; next', '4417'],
    ['***-**-4417', '4417'],
    ['CLA1MANT: R0Y   S5N: 612-O3-7718   TEL', '612-O3-7718'],
    ['SOCIAL SECUR1TY N0. 6I2-03-77l8', '6I2-03-77l8'],
  ],
  rejects: [
    '123456789',
    'the last four years, 2019 to 2022',
    'SSN ends 12345',
    '2024-01-1234',
    '123-456-7890',
    '1123-45-6789',
    '123-45-67890',
    'ISBN 978-12-3456-789',
    'part 612-O3-7718',
    'SSN OIL-BO-SOLD',
  ],
};
