import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';
import { STREET_SUFFIX } from './street-suffix.js';

const STATES =
  'A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY]';

export const postalCode: Recognizer = {
  name: 'postal-code',
  type: 'POSTAL_CODE',
  patterns: [
    {
      name: 'after-state',
      anchor: { around: 'number', before: 8, after: 14 },
      regex: new RegExp(
        String.raw`(?<![\w])(?:${STATES}),? {1,2}(?<value>\d{5}(?:-\d{4})?)(?![\w]|[-.]\d)`,
        'g',
      ),
      score: 0.9,
    },
    ...besideLabel(
      [
        'zip',
        'zip code',
        'postal',
        'postal code',
        'postcode',
        'post code',
        'plz',
        'postleitzahl',
        'code postal',
      ],
      String.raw`(?:\d{4,6}(?:-\d{3,4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?![-.]\d)`,
      { score: 0.93 },
    ),
    {
      name: 'after-address',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<![\w.,$€£#/-])\d{1,6}[a-z]? (?:[\p{L}'.-]{1,24} ){1,4}${STREET_SUFFIX}\.?,? {1,2}(?:[\p{L}'.-]{2,24} ){0,2}[\p{L}'.-]{2,24},? {1,2}(?<value>\d{5}(?:-\d{4})?)(?![\w]|[-.]\d)`,
        'giu',
      ),
      score: 0.9,
    },
    {
      name: 'british',
      anchor: 'number',
      regex: /(?<![\w-])(?:[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2})(?![\w-])/g,
      score: 0.7,
    },
    {
      name: 'canadian',
      anchor: 'number',
      regex: /(?<![\w-])[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d(?![\w-])/g,
      score: 0.75,
    },
  ],
  matches: [
    ['Springfield, OR 97477', '97477'],
    ['ZIP code: 02139-4307', '02139-4307'],
    ['London SW1A 1AA.', 'SW1A 1AA'],
    ['K1A 0B1 Ottawa', 'K1A 0B1'],
    ['postcode 10115', '10115'],
    ['to 748 park lane, riverton 79892. we', '79892'],
    ['383 Briar Drive, West Dalton 55300', '55300'],
  ],
  rejects: ['97477', 'order 12345', 'zip file 12', 'OR 974', 'ZIP archive'],
};
