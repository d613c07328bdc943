import type { Recognizer } from '../types.js';
import { FLAT } from './street-before-number.js';
import { STREET_CUES } from './street-cues.js';
import { STREET_SUFFIX } from './street-suffix.js';
import { CITY, SUFFIX, UNIT, WORD } from './street-words.js';

/** Where in a building, or which one: `17/F`, `Tower 2`, `Tannery Yard`. */
const PART_OF_HOUSE = String.raw`(?:\d{1,3}\/F|(?:Tower|Block|Blk|Bldg|Building|Floor|Level) ?[A-Z\d]{1,4}|(?:\p{Lu}[\p{L}'’]{1,20} ){1,2}(?:House|Court|Tower|Mansions|Building|Lodge|Heights|Yard|Wharf|Mews|Mill|Works|Place|Point|Quay|Gardens|Estate))(?![\p{L}\p{N}])`;
const UNIT_WORDS = ['Flat', 'Apartment', 'Apt', 'Unit', 'Suite', 'Ste', 'Blk', 'Block'];
/** What a unit may be part of, beside a street. */
const UNIT_SUFFIX = String.raw`(?:${SUFFIX}|(?:Industrial|Trading|Business|Retail) (?:Estate|Park|Centre|Center)|House|Court|Tower|Mansions|Building)`;

export const streetAddress: Recognizer = {
  name: 'street-address',
  type: 'STREET_ADDRESS',
  patterns: [
    {
      name: 'number-first',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<![\w.$€£#/-]|\d,)(?:\d{1,4}[A-Za-z]?\/)?\d{1,6}[A-Za-z]?(?:-\d{1,5})? (?:${WORD} ){1,4}${SUFFIX}${UNIT}${CITY}?`,
        'gu',
      ),
      score: 0.9,
    },
    {
      name: 'lower-case',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<![\w.$€£#/-]|\d,)\d{1,6}[a-z]? (?:[nsew]{1,2} )?(?:[\p{L}'.-]{2,20} ){1,2}${STREET_SUFFIX.toLowerCase()}(?![\p{L}\p{N}])(?:,? (?:apt|apartment|suite|ste|unit|flat|floor|fl|room|rm|#)\.? ?#?[a-z0-9-]{1,6})?`,
        'gu',
      ),
      score: 0.3,
      needsContext: true,
    },
    {
      name: 'french',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<![\w.$€£#/-]|\d,)\d{1,4}(?: ?(?:bis|ter))?,? (?:(?:rue|Rue|avenue|boulevard|bd|place|quai|chemin|allée|impasse|cours|square|route) (?:(?:de la|de l['’]|de|des|du|d['’]) ?)?|(?:Avenue|Boulevard|Place|Quai|Chemin|Allée|Impasse|Route) (?:de la|de l['’]|des|du|d['’]) ?)(?:\p{Lu}(?:[\p{L}'’-]{0,23}\p{L})(?: (?:(?:de|du|des|la|et) )?(?=\p{Lu})[\p{L}'’-]{1,23}\p{L}){0,3})(?<!['’])${FLAT}`,
        'gu',
      ),
      score: 0.9,
    },
    {
      name: 'unit-first',
      anchor: UNIT_WORDS.map((word) => word.toLowerCase()),
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}])(?:${UNIT_WORDS.map((word) => `[${word.charAt(0)}${word.charAt(0).toLowerCase()}]${word.slice(1)}`).join('|')})\.? ?#?(?:\d{1,5}[A-Za-z]?(?:\/\d{1,3})?|[A-Z]\d{0,4})(?:, ${PART_OF_HOUSE}){0,3}(?:,? \d{1,5}[A-Za-z]?(?:-\d{1,5})?|,)? (?:${WORD} ){1,4}${UNIT_SUFFIX}(?![\p{L}\p{N}])${UNIT}`,
        'gu',
      ),
      score: 0.9,
    },
    {
      // Of Japan in Latin letters: block, house and quarter, where its city is named.
      name: 'japanese-romanized',
      anchor: 'number',
      regex:
        /(?<![\w-])\d{1,2}-\d{1,2}-\d{1,3},? \p{Lu}\p{Ll}{2,20}(?:-(?:cho|machi|dori|nishi|higashi))?(?:, (?:Room|Apt\.?|#) ?\d{1,4})?(?![\p{L}\p{N}])(?=[^\n]{0,60}(?:-(?:ku|shi|ken)|Tokyo|Osaka|Kyoto|Yokohama|Nagoya|Sapporo|Fukuoka|Kobe|Japan)(?!\p{L}))/gu,
      score: 0.8,
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
    ...STREET_CUES,
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
      'street',
      'property',
      'residence',
      'residing',
      'staying',
      'house',
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
    ['300 Cedar Blvd NE, Room 12, Salem', '300 Cedar Blvd NE, Room 12'],
    ['12 Fleece Street, 2nd floor on', '12 Fleece Street, 2nd floor'],
    ['at 4/17 Seaview Tce, Glenelg', '4/17 Seaview Tce'],
    ['at 19 Hazel Cres. and', '19 Hazel Cres.'],
    ['88 King St. W., Suite 400', '88 King St. W., Suite 400'],
    ['12 rue des Acacias, bât. C, 3e étage', '12 rue des Acacias, bât. C, 3e étage'],
    ['en Calle 45 # 12-30, apto 401', 'Calle 45 # 12-30, apto 401'],
    ['Cra. 7 No. 71-21, Of. 502', 'Cra. 7 No. 71-21, Of. 502'],
    ['home is 415 East Pine, so', '415 East Pine'],
    ['near 8 Birch Ave. Call me', '8 Birch Ave'],
    ['is the street 415 N Pacific or', '415 N Pacific'],
    ['she moved to 2207 Juniper in May', '2207 Juniper'],
    ['3 The Beeches, Chapel Lane, Ely', '3 The Beeches, Chapel Lane'],
    ['to 5120 Route 22B, and', '5120 Route 22B'],
    ['at 1440 County Road 7 N', '1440 County Road 7 N'],
    ['her flat at 3F2, 15 Elm Row', '3F2, 15 Elm Row'],
    ['Ground floor flat, 12 Elm Road', 'Ground floor flat, 12 Elm Road'],
    ['Flat 2/1, 44 Byres Road', 'Flat 2/1, 44 Byres Road'],
    ['Flat 4, Holm Court, 12 Oak Road', 'Flat 4, Holm Court, 12 Oak Road'],
    ['No. 34, 2nd Cross, 5th Main, Indira', 'No. 34, 2nd Cross, 5th Main'],
    ['Thirty-one oh six Alder Street.', 'Thirty-one oh six Alder Street'],
    ['I live at Nine Alder Court', 'Nine Alder Court'],
    ['they live at 6 Fern Rise', '6 Fern Rise'],
    [
      'Flat B, 17/F, Tower 2, 38 Tai Koo Shing Road was',
      'Flat B, 17/F, Tower 2, 38 Tai Koo Shing Road',
    ],
    [
      'to Unit 6, Tannery Yard, 90-94 Bermondsey Street, London',
      'Unit 6, Tannery Yard, 90-94 Bermondsey Street',
    ],
    ['i live at flat 9, 31 Hazel Grove', 'flat 9, 31 Hazel Grove'],
    ['2-11-3 Meguro, Room 504, Meguro-ku, Tokyo', '2-11-3 Meguro, Room 504'],
  ],
  rejects: [
    '3 Days on the Road',
    '12 people on the road',
    '100 St',
    'USS Code is fine',
    'Unit 3 Test Plan',
    'Suite 12 of the Opera House',
    'Error 404 Page Not Found',
    'he moved to 12 March',
    'it runs at 100 W Max',
    'Toy Story 3 The Movie',
    'Chapter 3 The Green Mile',
    'exit 12 I-95',
    'won 3-1 Kobe said of Osaka',
    'unit 3, Test Plan',
    'One Way Street',
    'live at 20 Hours',
    'moved to 15 Employees',
    '3 Key Points',
    'we moved to 12 Cloud Servers',
    'take exit 12 US 50',
    'our address book has 300 E Mail entries',
    'meet at 12 Noon Green',
    'Twenty-two Wall Streeters',
  ],
};
