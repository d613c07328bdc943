import type { Recognizer } from '../types.js';
import { hasVinCheckDigit } from './check-digits.js';
import { besideLabel } from './labelled.js';

/** ISO 3779: 17 characters without I, O and Q; both letters and digits, the last four digits. */
export const vin: Recognizer = {
  name: 'vin',
  type: 'VEHICLE_ID',
  patterns: [
    {
      name: 'seventeen',
      regex: /(?<![\w-])(?=[\dA-Z]{0,16}[A-Z])[A-HJ-NPR-Z\d]{13}\d{4}(?![\w-])/gi,
      score: 0.2,
      passedScore: 0.9,
      anchor: 'number',
    },
  ],
  validate: (value) => (hasVinCheckDigit(value) ? 'passed' : 'unconfirmed'),
  context: {
    words: [
      'vin',
      'vehicle',
      'chassis',
      'car',
      'fahrgestellnummer',
      'truck',
      'fin',
      'frame number',
    ],
    boost: 0.5,
    against: ['hash', 'commit', 'token', 'key', 'order', 'tracking'],
    penalty: 0.4,
  },
  matches: [
    ['VIN 1HGCM82633A004352', '1HGCM82633A004352'],
    ['chassis WVWZZZ1JZ3W386752 was', 'WVWZZZ1JZ3W386752'],
    ['1M8GDM9AXKP042788', '1M8GDM9AXKP042788'],
  ],
  rejects: ['12345678901234567', 'ABCDEFGH1JKLM1234X', 'order AB12CD34EF56G7890'],
};

const PLATES = [
  'license plate',
  'licence plate',
  'number plate',
  'plate',
  'registration plate',
  'reg',
  'vehicle registration',
  'registration',
  'kennzeichen',
  'tag',
  'immatriculation',
  'matrícula',
  'targa',
  'vrn',
  'kenteken',
  'plates',
  'placa',
  'plaque',
  'номер автомобиля',
  '车牌',
  '车牌号',
];

export const licensePlate: Recognizer = {
  name: 'license-plate',
  type: 'VEHICLE_ID',
  patterns: [
    {
      name: 'china',
      anchor: 'number',
      regex:
        /(?<=(?<lead>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·• ]?))(?=[A-Z\d]{0,5}\d)[A-Z\d]{5,6}(?![A-Za-z\d])/g,
      score: 0.9,
    },
    ...besideLabel(
      PLATES,
      String.raw`(?=[\p{Lu}\p{Ll}\d -]{0,10}\d)[\p{Lu}\d]{1,8}(?:[ ·-][\p{Lu}\d]{1,4}){0,3}`,
      { score: 0.85 },
    ),
    ...besideLabel(
      ['vehicle', 'car', 'truck', 'van', 'motorcycle', 'motorbike'],
      String.raw`(?=[A-Z]{0,7}\d)(?=\d{0,6}[A-Z])[A-Z\d]{5,8}`,
      { score: 0.6 },
      'beside-vehicle',
    ),
    {
      name: 'french',
      regex: /(?<![\w-])[A-HJ-NP-TV-Z]{2}-\d{3}-[A-HJ-NP-TV-Z]{2}(?![\w-])/g,
      score: 0.5,
      needsContext: true,
      anchor: 'number',
    },
    {
      name: 'indian',
      regex: /(?<![\w-])[A-Z]{2}[ -]?\d{2}[ -]?[A-Z]{1,2}[ -]?\d{4}(?![\w-])/g,
      score: 0.5,
      needsContext: true,
      anchor: 'number',
    },
  ],
  trim: (value) =>
    /^[\p{Lu}\p{Lo}\d]+(?:[ ·-](?=[\p{Lu}\d]*(?:\d|\p{Lu}{1,3}(?![\p{Ll}])))[\p{Lu}\d]+)*/u.exec(
      value,
    )?.[0] ?? '',
  validate: (value) => (/\d/.test(value) && /[\p{Lu}]/u.test(value) ? 'passed' : 'failed'),
  context: {
    words: [
      'vehicle',
      'car',
      'plate',
      'registration',
      'rto',
      'bike',
      'truck',
      'véhicule',
      'voiture',
      'immatriculé',
    ],
    boost: 0.1,
  },
  matches: [
    ['license plate 7ABC123 was', '7ABC123'],
    ['Kennzeichen: B-MW 1234', 'B-MW 1234'],
    ['号牌 粤B·34954 车主', '粤B·34954'],
    ['number plate AB12 CDE', 'AB12 CDE'],
    ['an accident with vehicle 7XKR231 (', '7XKR231'],
  ],
  rejects: [
    'plate of 12',
    'registration opens in May',
    'registration 2024',
    'plate 12',
    'car 2019',
    'vehicle modelX3 is',
  ],
};
