import type { SearchPattern } from '../types.js';
import { MONTH_WORDS } from './date-patterns.js';
import { FLAT } from './street-before-number.js';
import {
  LOOSE_SUFFIX,
  NAMED_ROW,
  SPOKEN_DIGIT,
  SPOKEN_NUMBER,
  SPOKEN_WORDS,
  SUFFIX,
  UNIT,
  WORD,
} from './street-words.js';

const BEFORE = String.raw`(?<![\w.$€£#/-]|\d,)`;
const HOUSE = String.raw`\d{1,6}[A-Za-z]?(?:-\d{1,5})?`;
const DIRECTION = String.raw`(?:(?:NE|NW|SE|SW|[NSEW])\.?|North|South|East|West)`;
const END = String.raw`(?![\p{L}\p{N}])`;

const NO_STREET = String.raw`(?!(?:${MONTH_WORDS.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('|')}|Hours?|Days?|Weeks?|Months?|Years?|Minutes?|Percent|People|Employees?|Users?|Units?|Points?|Items?|Pages?|Miles?|Dollars?|Euros?|Mail|Load|Commerce|Class|Type|Parameters?|Facing|Shaped|Book|Noon|Bit|Core|Key|Star|Day|Month|Year|Hour|Mile|Person|Minute|Inch|Foot|Eleven|Angry|Mbps|Gbps|LED|Max|Peak|RMS|Solar|Laser|AM|PM|GB|MB|TB|USD|EUR|GBP|Series|Version)(?!\p{L}))`;

/** Ways of writing where somebody lives that no ending of a street's name gives away. */
export const STREET_CUES: readonly SearchPattern[] = [
  {
    name: 'loose-suffix',
    anchor: 'number',
    regex: new RegExp(
      String.raw`${BEFORE}${HOUSE} ${NO_STREET}(?:${WORD} ){1,3}${LOOSE_SUFFIX}${END}${UNIT}`,
      'gu',
    ),
    score: 0.4,
    needsContext: true,
  },
  {
    // `950 W Bannock`
    name: 'direction-and-name',
    anchor: 'number',
    regex: new RegExp(
      String.raw`${BEFORE}${HOUSE} ${DIRECTION} ${NO_STREET}(?:\p{Lu}\p{Ll}{2,20}(?: \p{Lu}\p{Ll}{2,20})?|\d{1,3}(?:st|nd|rd|th))${END}${UNIT}`,
      'gu',
    ),
    score: 0.45,
    needsContext: true,
  },
  {
    name: 'behind-verb',
    anchor: 'number',
    regex: new RegExp(
      String.raw`(?<=(?<!\p{L})(?:(?:move[ds]?|moving|relocated) (?:in )?to|(?:live[sd]?|living|resid(?:es?|ed|ing)|stay(?:s|ed|ing)?|rents?|house) at) )\d{1,5}[A-Za-z]? ${NO_STREET}\p{Lu}\p{Ll}{2,20}(?: ${NO_STREET}\p{Lu}\p{Ll}{2,20})?(?<!s)${END}(?! \p{Lu})${UNIT}`,
      'gu',
    ),
    score: 0.75,
  },
  {
    // `3 The Green`, `8 The Old Forge, Mill Road`
    name: 'named-row',
    anchor: 'number',
    regex: new RegExp(
      String.raw`${BEFORE}\d{1,3}[A-Za-z]? The ${NAMED_ROW}${END}(?! \p{Lu})(?:, (?:${WORD} ){1,3}${SUFFIX})?`,
      'gu',
    ),
    score: 0.8,
  },
  {
    name: 'house-and-street',
    anchor: 'number',
    regex: new RegExp(
      String.raw`${BEFORE}\d{1,3}[A-Za-z]? (?:\p{Lu}\p{Ll}{1,20} ){1,2}(?:House|Court|Cottages?|Buildings?|Mansions|Lodge|Tower|Villas?|Flats|Barns?|Mews),? (?:\d{1,4}[A-Za-z]? )?(?:${WORD} ){1,3}${SUFFIX}`,
      'gu',
    ),
    score: 0.85,
  },
  {
    // `4471 Route 9W`, `1200 County Road 12`, `880 US-1 North`
    name: 'numbered-road',
    anchor: 'number',
    regex: new RegExp(
      String.raw`${BEFORE}(?<!(?:[Ee]xit|[Ss]ection|[Mm]ile|[Cc]hapter|[Pp]hase|[Pp]art) )[NSEW]?\d{2,6}[A-Za-z]?(?: (?:[NSEW]|North|South|East|West|Old))? (?:(?:(?:Old |State |County |U\.?S\.? |US |Rural |Provincial |Forest )?(?:Route|Rte\.?|Highway|Hwy\.?)|(?:State|County|Ranch|Farm|Township|Farm to Market|Ranch to Market) (?:Road|Rd\.?)|County Trunk)[ -](?:\d{1,4}[A-Z]?|[A-Z]{1,2})|(?<=\d{3}[A-Za-z]? )(?:CR|FM|RM|SR|US|Rt\.?|SH|TWP)[ -]\d{1,4}[A-Z]?)${END}(?: (?:[NSEW]|North|South|East|West)(?![\p{L}\p{N}.]))?${UNIT}`,
      'gu',
    ),
    score: 0.8,
  },
  {
    // Of Colombia: street, cross street, metres.
    name: 'grid',
    anchor: 'calle cl carrera cra cr kr diagonal diag transversal tv avenida av'.split(' '),
    regex: new RegExp(
      String.raw`(?<![\p{L}\p{N}])(?:Calle|Cl|Carrera|Cra|Cr|Kr|Diagonal|Diag|Transversal|Tv|Avenida|Av)\.? \d{1,3}[A-Z]?(?: ?bis)?(?: (?:Sur|Norte|Este|Oeste))? ?(?:#|No\.?|N[º°]) ?\d{1,3}[A-Z]? ?- ?\d{1,3}(?!\d)${FLAT}`,
      'gu',
    ),
    score: 0.9,
  },
  {
    // Of Scotland: the storey and the flat, then the street.
    name: 'scottish-flat',
    anchor: 'number',
    regex: new RegExp(
      String.raw`${BEFORE}(?:\d{1,2}|[GB]|P)[FL]\d{0,2},? \d{1,4}[A-Za-z]? (?:${WORD} ){1,3}${SUFFIX}`,
      'gu',
    ),
    score: 0.9,
  },
  {
    name: 'storey-first',
    anchor: 'number',
    regex: new RegExp(
      String.raw`${BEFORE}\d{1,2}(?:st|nd|rd|th) [Ff](?:loor|l)\.?(?: [Ff]lat)?, ${HOUSE} (?:${WORD} ){1,3}${SUFFIX}`,
      'gu',
    ),
    score: 0.9,
  },
  {
    name: 'room-first',
    anchor:
      'room rm level studio shop office floor lot bldg building penthouse tower villa ground top basement'.split(
        ' ',
      ),
    regex: new RegExp(
      String.raw`(?<![\p{L}\p{N}])(?:(?:Room|Rm|Level|Studio|Shop|Office|Floor|Lot|Bldg|Building|Penthouse|Tower|Villa)\.? ?#?[A-Z]?\d{0,4}[A-Z]?|(?:Ground|Top|Basement) [Ff](?:loor(?: [Ff]lat)?|lat)), ${HOUSE} (?:${WORD} ){1,3}${SUFFIX}`,
      'gu',
    ),
    score: 0.9,
  },
  {
    name: 'indian-cross',
    anchor: 'number',
    regex:
      /(?<=(?<lead>(?:(?<![\p{L}\p{N}])(?:No\.?|#) ?)?))(?<![\w.$€£/-])\d{1,4}(?:\/[A-Z\d]{1,4})?, \d{1,2}(?:st|nd|rd|th) (?:Cross|Main|Block|Stage|Phase)(?: (?:Road|Street))?(?:, \d{1,2}(?:st|nd|rd|th) (?:Cross|Main|Block|Stage|Phase)(?: (?:Road|Street))?){0,3}(?=,? ?[-–]? ?(?:\p{Lu}\p{L}{3}|\n|$))(?![\p{L}\p{N}])/gu,
    score: 0.85,
  },
  {
    name: 'spoken-number',
    anchor: SPOKEN_WORDS,
    regex: new RegExp(
      String.raw`(?<![\p{L}\p{N}-])${SPOKEN_NUMBER} (?:${WORD} ){1,3}${SUFFIX}${UNIT}`,
      'gu',
    ),
    score: 0.85,
  },
  {
    name: 'spoken-digit',
    anchor: SPOKEN_WORDS,
    regex: new RegExp(
      String.raw`(?<![\p{L}\p{N}-])${SPOKEN_DIGIT} (?!(?:Way|Wall|Main)(?!\p{L}))(?:${WORD} ){1,2}${SUFFIX}${UNIT}`,
      'gu',
    ),
    score: 0.3,
    needsContext: true,
  },
];
