import type { Recognizer } from '../types.js';
import { STREET_SUFFIX } from './street-suffix.js';

const WORD = String.raw`(?:\p{Lu}[\p{L}'’.-]{0,24}|\d{1,3}(?:st|nd|rd|th))`;
const UNIT = String.raw`(?:,? {0,2}(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Fl|Room|Rm|#)\.? ?#?[A-Za-z0-9-]{1,6})?`;
const CITY = String.raw`(?:,? {0,2}\p{Lu}[\p{L}'.-]{1,24}(?: \p{Lu}[\p{L}'.-]{1,24}){0,2},? {1,2}[A-Z]{2},? {1,2}\d{5}(?:-\d{4})?)?`;

const UNIT_WORDS = ['Flat', 'Apartment', 'Apt', 'Unit', 'Suite', 'Ste', 'Blk', 'Block'];
/** What a unit may be part of, beside a street. */
const UNIT_SUFFIX = String.raw`(?:${STREET_SUFFIX}|(?:Industrial|Trading|Business|Retail) (?:Estate|Park|Centre|Center)|House|Court|Tower|Mansions|Building)`;

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
        String.raw`(?<![\w.$€£#/-]|\d,)\d{1,6}[a-z]? (?:[nsew]{1,2} )?(?:[\p{L}'.-]{2,20} ){1,2}${STREET_SUFFIX.toLowerCase()}(?![\p{L}\p{N}])${UNIT.toLowerCase().replaceAll('a-za-z', 'a-z')}`,
        'gu',
      ),
      score: 0.3,
      needsContext: true,
    },
    {
      name: 'french',
      anchor: 'number',
      regex:
        /(?<![\w.$€£#/-]|\d,)\d{1,4}(?: ?(?:bis|ter))?,? (?:(?:rue|Rue|avenue|boulevard|bd|place|quai|chemin|allée|impasse|cours|square|route) (?:(?:de la|de l['’]|de|des|du|d['’]) ?)?|(?:Avenue|Boulevard|Place|Quai|Chemin|Allée|Impasse|Route) (?:de la|de l['’]|des|du|d['’]) ?)(?:\p{Lu}(?:[\p{L}'’-]{0,23}\p{L})(?: (?:(?:de|du|des|la|et) )?(?=\p{Lu})[\p{L}'’-]{1,23}\p{L}){0,3})(?<!['’])/gu,
      score: 0.9,
    },
    {
      name: 'unit-first',
      anchor: UNIT_WORDS.map((word) => word.toLowerCase()),
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}])(?:${UNIT_WORDS.join('|')})\.? ?#?(?:\d{1,5}[A-Za-z]?|[A-Z]\d{0,4})(?:,? \d{1,5}[A-Za-z]?(?:-\d{1,5})?)? (?:${WORD} ){1,4}${UNIT_SUFFIX}(?![\p{L}\p{N}])\.?${UNIT}`,
        'gu',
      ),
      score: 0.9,
    },
    {
      name: 'post-box',
      anchor: ['p', 'po', 'post', 'postfach', 'postbus', 'apartado', 'casilla', 'caixa'],
      regex:
        /(?<![\w])(?:P(?:ost)?\.? ?O(?:ffice)?\.? ?Box|Postfach|Postbus|Apartado(?: postal| de correos)?|Casilla(?: postal)?|Caixa postal) \d{1,7}(?:-\d{3,5}| \d{2}(?: \d{2})?)?(?![\w-])/gi,
      score: 0.9,
    },
    {
      name: 'indian-sector',
      anchor: 'number',
      regex: /(?<![\p{L}\p{N}])[A-Z][-/]?\d{1,4}[A-Z]?,? Sector[- ]\d{1,3}[A-Z]?(?![\p{L}\p{N}])/gu,
      score: 0.8,
    },
    {
      name: 'indian-plot',
      anchor: ['house', 'h', 'plot', 'door', 'flat', 'houseno', 'plotno', 'doorno', 'flatno'],
      regex:
        /(?<![\p{L}\p{N}])(?:House|H\.|Plot|Door|Flat) ?No[.:]? ?[A-Z]?[-/]?\d{1,5}(?:[-/]\d{1,4})?[A-Z]?(?![\p{L}\p{N}])/gu,
      score: 0.8,
    },
    {
      name: 'military',
      anchor: ['psc', 'cmr', 'unit', 'uss'],
      regex:
        /(?<![\w])(?:(?:PSC|CMR|Unit) \d{1,5},? Box \d{1,5}(?:,?\s{1,2}(?:APO|FPO|DPO),? A[AEP] \d{5}(?:-\d{4})?)?|USS \p{Lu}\p{L}{1,24},?\s{1,2}(?:APO|FPO|DPO),? A[AEP] \d{5}(?:-\d{4})?)(?![\w-])/gu,
      score: 0.85,
    },
    {
      name: 'rural-route',
      anchor: ['rr', 'hc', 'rural'],
      regex: /(?<![\w])(?:RR|HC|Rural Route) ?#?\d{1,4},? Box \d{1,6}[A-Za-z]?(?![\w-])/g,
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
    ['Flat 6, 41 King John Road', 'Flat 6, 41 King John Road'],
    ['Blk 12 Smith Street #05-12', 'Blk 12 Smith Street #05-12'],
    ['Unit 3 Ballymun Industrial Estate', 'Unit 3 Ballymun Industrial Estate'],
    ['14 Chemin du Lac, Magog', '14 Chemin du Lac'],
    ['C-12, Sector 50, Noida', 'C-12, Sector 50'],
    ['RR 2 Box 118', 'RR 2 Box 118'],
    ['Post Office Box 30197-00100', 'Post Office Box 30197-00100'],
    ['we live at 418 w elm st apt 3', '418 w elm st apt 3'],
    ['i live at 14 oak lane now', '14 oak lane'],
  ],
  rejects: [
    '3 Days on the Road',
    '12 people on the road',
    '100 St',
    'USS Code is fine',
    'Unit 3 Test Plan',
    'Suite 12 of the Opera House',
    'Error 404 Page Not Found',
  ],
};
