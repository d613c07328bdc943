import type { Recognizer } from '../types.js';
import { hasVinCheckDigit } from './check-digits.js';
import { besideLabel } from './labelled.js';
import { STATE_CODES } from './licence-shapes.js';

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
    // Boats: maker, serial number, month and years.
    ...besideLabel(
      ['hull id', 'hull identification', 'hull number', 'hull no', 'hin'],
      String.raw`(?:[A-Z]{2}-)?[A-Z]{3}[A-Z\d]{5}[A-L\d]\d{3}`,
      { score: 0.85 },
    ),
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
    ['Hull ID KLM70452D404, 22 ft', 'KLM70452D404'],
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
  'rego',
  'registreringsnummer',
  'reg.nr',
  'regnr',
  'rekisterinumero',
  'vrm',
  'tag number',
  'tail number',
  'tail no',
  'aircraft registration',
  'targato',
  'targata',
  'amtliches kennzeichen',
  'kfz-kennzeichen',
  'nummerplaat',
  'kentekenplaat',
  'numer rejestracyjny',
  'nr rejestracyjny',
  'nr rej.',
  'plaka',
  'госномер',
  'гос. номер',
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
      // The code of a state may stand behind it.
      String.raw`(?=[A-Z \-]{0,5}\d)[A-Z\d]{1,4}[ -]?[A-Z\d]{2,6}(?= (?:${STATE_CODES.join('|')})(?![\p{L}\d]| [\p{L}\d]{2,4}(?!\p{L})))|(?=[\p{Lu}\p{Ll}\d -]{0,10}\d)[\p{Lu}\d]{1,8}(?:[ ·-][\p{Lu}\d]{1,6}){0,3}`,
      { score: 0.85 },
    ),
    ...besideLabel(
      ['vehicle', 'car', 'truck', 'van', 'motorcycle', 'motorbike'],
      String.raw`(?=[A-Z]{0,7}\d)(?=\d{0,6}[A-Z])[A-Z\d]{5,8}`,
      { score: 0.6 },
      'beside-vehicle',
    ),
    {
      // `car 6283 KRT`
      name: 'spanish-behind-vehicle',
      anchor: 'number',
      regex:
        /(?<=(?<!\p{L})(?:car|van|vehicle|truck|taxi|coche|vehículo|furgoneta|moto|turismo)(?: no\.?| is| was|,)? )\d{4} ?[B-DF-HJ-NP-TV-Z]{3}(?![\w-])/giu,
      score: 0.85,
    },
    {
      name: 'japanese',
      anchor: 'number',
      regex:
        /(?<=(?<lead>\p{Script=Han}{1,4} ?))\d{2,3} ?[ぁ-ん] ?(?:\d{1,2}-|・{1,2})\d{1,2}(?!\d)/gu,
      score: 0.9,
    },
    {
      name: 'korean',
      anchor: 'number',
      regex: /(?<!\d)\d{2,3}[가-힣] ?\d{4}(?!\d)/gu,
      score: 0.8,
      needsContext: true,
    },
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
    /^[\p{Lu}\p{Lo}\d]+(?:[ ·・-](?:[ぁ-ん](?= ?[\d・])|(?=[\p{Lu}\d]*(?:\d|\p{Lu}{1,3}(?![\p{Ll}])))[\p{Lu}\d]+))*/u.exec(
      value,
    )?.[0] ?? '',
  validate: (value) => (/\d/.test(value) && /[\p{Lu}\p{Lo}]/u.test(value) ? 'passed' : 'failed'),
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
      'immatriculée',
      'registered',
      'plates',
      'van',
      'scooter',
      'moto',
      'camion',
      '차량',
      '번호판',
      '자동차',
    ],
    boost: 0.1,
  },
  matches: [
    ['license plate 7ABC123 was', '7ABC123'],
    ['Kennzeichen: B-MW 1234', 'B-MW 1234'],
    ['号牌 粤B·34954 车主', '粤B·34954'],
    ['number plate AB12 CDE', 'AB12 CDE'],
    ['a Ford, plate BK 70452 IL, parked', 'BK 70452'],
    ['tail number N704KP, a', 'N704KP'],
    ['auto targata FK 704 ZR, multa', 'FK 704 ZR'],
    ['登録 品川 330 さ 41-72 車検', '品川 330 さ 41-72'],
    ['차량 번호판 123가 4568', '123가 4568'],
    ['numer rejestracyjny WA 7045K', 'WA 7045K'],
    ['ID card shown, car 6283 KRT', '6283 KRT'],
    ['med registreringsnummer RKT 44G i', 'RKT 44G'],
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
