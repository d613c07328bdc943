import type { Recognizer } from '../types.js';
import { STREET_SUFFIX } from './street-suffix.js';

const WORD = String.raw`(?:\p{Lu}[\p{L}'’.-]{0,24}|\d{1,3}(?:st|nd|rd|th))`;
const UNIT = String.raw`(?:,? {0,2}(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Fl|Room|Rm|#)\.? ?#?[A-Za-z0-9-]{1,6})?`;
const CITY = String.raw`(?:,? {0,2}\p{Lu}[\p{L}'.-]{1,24}(?: \p{Lu}[\p{L}'.-]{1,24}){0,2},? {1,2}[A-Z]{2},? {1,2}\d{5}(?:-\d{4})?)?`;

export const streetAddress: Recognizer = {
  name: 'street-address',
  type: 'STREET_ADDRESS',
  patterns: [
    {
      name: 'number-first',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<![\w.$€£#/-]|\d,)\d{1,6}[A-Za-z]?(?:-\d{1,5})? (?:${WORD} ){1,4}${STREET_SUFFIX}(?![\p{L}\p{N}])\.?${UNIT}${CITY}`,
        'gu',
      ),
      score: 0.9,
    },
    {
      name: 'lower-case',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<![\w.$€£#/-]|\d,)\d{1,6}[a-z]? (?:[\p{L}'.-]{2,20} ){1,2}${STREET_SUFFIX.toLowerCase()}(?![\p{L}\p{N}])${UNIT.toLowerCase().replaceAll('a-za-z', 'a-z')}`,
        'gu',
      ),
      score: 0.3,
      needsContext: true,
    },
    {
      name: 'number-last',
      anchor: { around: 'number', before: 90, after: 8 },
      regex:
        /(?<![\p{L}\p{N}])(?:(?:(?:Am|Im|Zum|Zur|An der|An den|In der|In den|Auf der|Auf dem|Unter den) )?\p{Lu}[\p{L}-]{0,24}(?:straße|strasse|str\.|weg|platz|allee|gasse|laan|straat)|(?:Rue|Via|Calle|Avenida|Rua|Piazza|Plaza|Avenue|Place) (?:de la |de los |de las |de |della |dello |delle |dei |dell['’]|del |du |des |di |da |do )?\p{Lu}[\p{L}'-]{2,24}(?: \p{Lu}[\p{L}'-]{2,24})?,?) \d{1,4}[a-z]?(?![\p{L}\p{N}])/gu,
      score: 0.85,
    },
    {
      name: 'french',
      anchor: 'number',
      regex:
        /(?<![\w.$€£#/-]|\d,)\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|bd|place|quai|chemin|allée|impasse|cours|square) (?:(?:de la|de l['’]|de|des|du|d['’]) ?)?(?:\p{Lu}(?:[\p{L}'’-]{0,23}\p{L})(?: (?:(?:de|du|des|la|et) )?(?=\p{Lu})[\p{L}'’-]{1,23}\p{L}){0,3})(?<!['’])/gu,
      score: 0.9,
    },
    {
      name: 'post-box',
      anchor: ['p', 'po'],
      regex: /(?<![\w])P\.? ?O\.? ?Box \d{1,7}(?!\w)/gi,
      score: 0.9,
    },
  ],
  context: {
    words: [
      'address',
      'live',
      'lives',
      'living',
      'reside',
      'resides',
      'ship',
      'shipped',
      'shipping',
      'deliver',
      'delivered',
      'delivery',
      'mailing',
      'home',
      'located',
      'moved',
      'moving',
      'at',
    ],
    boost: 0.3,
  },
  matches: [
    [
      'at 742 Evergreen Terrace, Springfield, OR 97477.',
      '742 Evergreen Terrace, Springfield, OR 97477',
    ],
    ['12B Baker St. Apt 4', '12B Baker St. Apt 4'],
    ['ship to 5 N. 42nd Street', '5 N. 42nd Street'],
    ['PO Box 1234', 'PO Box 1234'],
    ['Lindenstraße 12a', 'Lindenstraße 12a'],
    ['i live at 14 oak lane now', '14 oak lane'],
  ],
  rejects: [
    '3 Days on the Road',
    '12 people on the road',
    '100 St',
    'Error 404 Page Not Found',
    'Rue the day 3',
  ],
};
