import type { Recognizer } from '../types.js';
import { STREET_SUFFIX } from './street-suffix.js';

/** The city of a written address: between the street and the postal code. */
export const addressCity: Recognizer = {
  name: 'address-city',
  type: 'LOCATION',
  patterns: [
    {
      name: 'between-street-and-code',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<![\w.,$€£#/-])\d{1,6}[a-z]? (?:[\p{L}'.-]{1,24} ){1,4}${STREET_SUFFIX}\.?,? {1,2}(?<value>[\p{L}'.-]{2,24}(?: [\p{L}'.-]{2,24}){0,2})(?=,? {1,2}\d{5}(?!\d))`,
        'giu',
      ),
      score: 0.96,
    },
  ],
  matches: [
    ['to 748 park lane, riverton 79892. we', 'riverton'],
    ['383 Briar Drive, West Dalton 55300', 'West Dalton'],
    ['12 Oak St. Ashbourne 52339', 'Ashbourne'],
  ],
  rejects: ['383 Briar Drive', 'order 5 lamps, Dalton 55300', 'Riverton 79892'],
};
