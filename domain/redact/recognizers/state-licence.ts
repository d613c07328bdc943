import type { Recognizer } from '../types.js';
import { STATE_CODES, STATE_SHAPES, STATES } from './licence-shapes.js';

const either = (words: readonly string[]): string => `(?:${words.join('|')})`;
/** A code is one in capitals alone. */
const NAMES = either([...STATES, ...STATES.map((name) => name.toUpperCase())]);
const PLACE = either([...STATES, ...STATES.map((name) => name.toUpperCase()), ...STATE_CODES]);
const DRIVER = String.raw`(?:[Dd](?:river|RIVER)(?:['’]?[sS]|[sS]['’])? |[Dd]riving |[Oo]perator(?:['’]?s)? |[Cc]ommercial )?`;
const LICENCE = String.raw`(?:[Ll]icen[sc]es?|LICEN[SC]ES?|[Ll]ic\.?|LIC\.?|C?DLs?|cdl|dl|D\.L\.|OLN)`;
const KIND = String.raw`(?: ?(?:[Nn]umber|[Nn]o\.?|NO\.?|[Nn]um|#|is|was|ID)){0,2}`;
const END = String.raw`(?![\w*]|[-/.]\d|-[A-Z])`;
const VALUE = `(?<value>${STATE_SHAPES})${END}`;

/** The number of a driver that a state's name stands beside, one of several in a list as well. */
export const stateLicence: Recognizer = {
  name: 'state-licence',
  type: 'DRIVER_LICENSE',
  patterns: [
    {
      // `Ohio license RT417203`, `TX DL# 30917726`, and `Texas 30917726` in a list of licences.
      name: 'behind-state',
      anchor: [...STATES, ...STATE_CODES].map((word) => word.toLowerCase()),
      regex: new RegExp(
        String.raw`(?<![\w'’.-])(?:${PLACE}(?:['’]s)?(?: state)? ${DRIVER}${LICENCE}|${PLACE})${KIND}[:,]? {1,2}${VALUE}`,
        'g',
      ),
      score: 0.92,
      needsContext: true,
    },
    {
      // `Licence (NSW): 18842291`, `license, Texas, 30917726`.
      name: 'behind-licence',
      anchor: ['license', 'licence', 'lic', 'licenses', 'licences', 'dl', 'cdl', 'oln'],
      regex: new RegExp(
        String.raw`(?<![\w-])${LICENCE}${KIND}(?: ?[([]${PLACE}(?: \w{1,8})?[)\]]|,? (?:from |of |in )?${PLACE},?|-${PLACE})${KIND}:? {1,2}${VALUE}`,
        'g',
      ),
      score: 0.92,
      needsContext: true,
    },
    {
      // `license 30917726 (TX)`.
      name: 'before-state',
      anchor: 'number',
      regex: new RegExp(
        String.raw`(?<![\w.-])(?:${STATE_SHAPES})(?= ?(?:[([](?:${PLACE})(?: \w{1,8})?[)\]]|, (?:${NAMES})(?!\w| [A-Z])))`,
        'g',
      ),
      score: 0.92,
      needsContext: true,
    },
  ],
  context: {
    words: [
      'dl',
      'dls',
      'cdl',
      'oln',
      'mvr',
      'driver',
      'drivers',
      'driving',
      'license',
      'licence',
      'licenses',
      'licences',
      'lic',
    ],
    boost: 0,
    against: (
      'medical nursing nurse rn lpn md np physician pharmacist pharmacy dental dentist contractor attorney bar ' +
      'broker agent realtor cosmetology plumber plumbing electrician electrical business liquor pilot plate ' +
      'plates teacher notary engineer veterinary order orders invoice tracking sku part software zip phone'
    ).split(' '),
    penalty: 0.6,
    charsBefore: 100,
    againstBefore: 48,
    charsAfter: 24,
  },
  matches: [
    ['Ohio license RT417203 was scanned', 'RT417203'],
    ['He showed an Ohio licence, RT417203, and', 'RT417203'],
    ['a Texas DL, 31 years; TX DL# 30917726', '30917726'],
    [
      'Licenses run: Florida T512-330-71-604-0, Texas 30917745, New York 512 330 716.',
      'T512-330-71-604-0',
      '30917745',
      '512 330 716',
    ],
    ['Michigan license T 512 330 716 048.', 'T 512 330 716 048'],
    ['Licence (QLD): 071233904', '071233904'],
    ['driver licence no. (VIC) 071 233 904', '071 233 904'],
    ['license 30917745 (TX), clean', '30917745'],
    ['CDL check on the new hire -> TX 30917745', '30917745'],
  ],
  rejects: [
    'Texas 30917745',
    'Texas nursing license 30917745',
    'Dr. Chen, MD, Texas license 30917745',
    'licensed drivers in Ohio 2019',
    'drivers in Austin, TX 78701',
    'the license server in Ohio 10.2.3',
    'order for a license, Texas 30917745',
  ],
};
