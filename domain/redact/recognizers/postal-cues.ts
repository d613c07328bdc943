import type { SearchPattern } from '../types.js';
import { MONTH_WORDS } from './date-patterns.js';

const INDIAN_CITIES =
  'Bengaluru|Bangalore|Mumbai|Navi Mumbai|Chennai|Kolkata|Hyderabad|Pune|Ahmedabad|Jaipur|Lucknow|Kanpur|Nagpur|Indore|Thane|Bhopal|Patna|Vadodara|Surat|Ghaziabad|Ludhiana|Agra|Nashik|Faridabad|Gurgaon|Gurugram|Noida|Chandigarh|Coimbatore|Kochi|Mysuru|Mysore|New Delhi|Trivandrum|Thiruvananthapuram|Visakhapatnam|Guwahati|Bhubaneswar|Dehradun|Ranchi|Raipur|Madurai';
const NO_MONTH = String.raw`(?!(?:${MONTH_WORDS.join('|')})(?!\p{L}))`;

/** Codes that a short word, a city or a box before them gives away. */
export const POSTAL_CUES: readonly SearchPattern[] = [
  {
    // `C.P. 06010`, `CAP 20121`
    name: 'behind-short-word',
    anchor: ['c', 'cp', 'cap', 'npa'],
    regex:
      /(?<![\p{L}\p{N}.])(?:C\. ?P\.?|CP|CAP|C\.A\.P\.|NPA)[ :]{1,2}(?<value>\d{5}|(?<=NPA[ :]{1,2})\d{4})(?![\w]|[-.,/]\d| \p{Ll}{2,}s(?!\p{L}))/gu,
    score: 0.85,
  },
  {
    name: 'after-indian-city',
    anchor: INDIAN_CITIES.split('|').map((city) => city.split(' ')[0]?.toLowerCase() ?? ''),
    regex: new RegExp(
      String.raw`(?<![\w])(?:${INDIAN_CITIES}),?(?: | ?[-–] ?)(?<value>[1-8]\d{2} ?\d{3})(?![\w]|[-.,]\d| (?!is|and|or|in|on|for|by)\p{Ll})`,
      'gu',
    ),
    score: 0.8,
  },
  {
    name: 'after-box',
    anchor: ['p', 'po', 'post', 'gpo', 'private', 'locked', 'postbus', 'postfach', 'apartado'],
    regex: new RegExp(
      String.raw`(?<![\w])(?:G?P\.? ?O\.? ?Box|[Pp]ost [Oo]ffice [Bb]ox|(?:Private|Locked) Bag|Postbus|Postfach|Apartado) \d{1,7},? {1,2}(?:${NO_MONTH}\p{Lu}[\p{L}'’-]{1,20},? ){1,3}(?:[A-Z]{2,3} )?(?<value>\d{4,6})(?![\w]|[-.,]\d)`,
      'giu',
    ),
    score: 0.8,
  },
  {
    name: 'argentinian',
    anchor: 'number',
    regex: /(?<=[,\n(] ?)[A-HJ-NP-Z]\d{4}[A-Z]{3}(?=[ ,)\n])(?! \d)/g,
    score: 0.7,
  },
  {
    // Of Australia, the states whose letters are also those of an American one.
    name: 'australian-state',
    anchor: 'number',
    regex:
      /(?<=\p{Lu}\p{Ll}{2,15},? (?:WA|SA|NT),? {1,2})(?:5\d{3}|6\d{3}|08\d{2})(?![\w]|[-.,]\d| \p{Ll}{2,}s(?!\p{L}))/gu,
    score: 0.7,
  },
];
