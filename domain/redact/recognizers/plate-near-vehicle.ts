import type { Recognizer } from '../types.js';
import { BRITISH, INDIAN, MAKES, PLATE, VEHICLES } from './plate-shapes.js';

const END = String.raw`(?![\w]|[-.]\w)`;
const VALUE = `(?<value>${PLATE})${END}`;
const either = (words: readonly string[]): string =>
  `(?:${words.flatMap((word) => [word, `${word.charAt(0).toUpperCase()}${word.slice(1)}`, word.toUpperCase()]).join('|')})`;

const REGISTERED =
  'registered registration reg immatriculé immatriculée matriculado matriculada zugelassen zarejestrowany zarejestrowana'.split(
    ' ',
  );

/** Plates by their shape, where a vehicle is spoken of. */
export const plateNearVehicle: Recognizer = {
  name: 'plate-near-vehicle',
  type: 'VEHICLE_ID',
  patterns: [
    {
      name: 'indian-apart',
      anchor: 'number',
      regex: new RegExp(String.raw`(?<![\w-])${INDIAN}(?![\w-])`, 'g'),
      score: 0.8,
    },
    {
      name: 'british',
      anchor: 'number',
      regex: new RegExp(String.raw`(?<![\w-])${BRITISH}${END}`, 'g'),
      score: 0.85,
      needsContext: true,
    },
    {
      // `car registered AB 448 CD`.
      name: 'registered',
      anchor: REGISTERED,
      regex: new RegExp(
        String.raw`(?<![\w-])${either(REGISTERED)}(?: (?:as|under|number|no\.?|mark|auf|als|con))?:? ${VALUE}`,
        'g',
      ),
      score: 0.85,
      needsContext: true,
    },
    {
      // `a white Ford Transit (ABC 448)`.
      name: 'behind-make',
      anchor: MAKES,
      regex: new RegExp(
        String.raw`(?<![\w-])(?<!(?:test|tests|review|price|new|used) )${either(MAKES)}(?: [A-Z\d][A-Za-z\d-]{0,11}){0,2}(?:,? \(|, )(?:(?:reg|rego|plate|tag|registration|number)\.? )?${VALUE}(?=[),;.]|$)`,
        'gm',
      ),
      score: 0.8,
      needsContext: true,
    },
  ],
  context: {
    words: [...VEHICLES, ...MAKES],
    boost: 0,
    against: 'order orders invoice sku part flight version model postcode batch lot ref'.split(' '),
    penalty: 0.6,
    charsBefore: 70,
    againstBefore: 24,
    charsAfter: 40,
  },
  matches: [
    ['the relief lorry will be LM68 TVK, not', 'LM68 TVK'],
    ['owner of a scooter, MH 12 DE 1433', 'MH 12 DE 1433'],
    ['DL 4C NA 2206 was seen', 'DL 4C NA 2206'],
    ['a car registered XTR 553 in', 'XTR 553'],
    ['I drive a green Subaru (XTR 553, Tasmania)', 'XTR 553'],
    ['her white Ford Transit, LM68 TVK, was hit', 'LM68 TVK'],
    ['Parked: silver Audi LM68TVK', 'LM68TVK'],
  ],
  rejects: [
    'the code LM68 TVK',
    'car part LM68 TVK',
    'a red Mazda (CX 5)',
    'a Mercedes (GLC 300)',
    'Audi, BMW 320, and Tesla (USA 2023)',
    'our vehicles are registered ISO 9001',
    'the car was registered 2019',
    'DL 3 AB 12',
    'a blue Volvo (S60), a Ford F150',
    'AB 12 CD 3456',
  ],
};
