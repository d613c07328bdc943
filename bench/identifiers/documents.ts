// Papers, things, dates and what is said of a person.
import { luhnDigit, vinWithCheck } from './check-digits.js';
import { CAPITALS, DIGITS, HEX, two, type Draw } from './draw.js';
import type { Kind } from './kinds.js';

/** Areas 001 to 899 without 666, groups and serials not all zero (20 CFR 422.103 and SSA's practice). */
const ssn = (draw: Draw): string => {
  const area = draw.pick([draw.int(1, 665), draw.int(667, 899)]);
  const parts = [
    String(area).padStart(3, '0'),
    two(draw.int(1, 99)),
    String(draw.int(1, 9999)).padStart(4, '0'),
  ];
  return parts.join(draw.pick(['-', '-', ' ', '']));
};
const dashedSsn = (draw: Draw): string =>
  ssn(draw)
    .replace(/\D/g, '')
    .replace(/(...)(..)(....)/, '$1-$2-$3');

const usPassport = (draw: Draw): string => draw.fill(draw.pick(['#########', '@########']));
const foreignPassport = (draw: Draw): string =>
  draw.fill(draw.pick(['C##X##T##', '##AA#####', '@@#######', 'L########']));
const licence = (draw: Draw): string =>
  draw.fill(
    draw.pick(['@#######', '@###-####-####', '#########', '@@##-###-###', '@############']),
  );

const VIN_CHARS = 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789';
const vin = (draw: Draw): string => {
  const maker = draw.pick(['1HG', '5YJ', '2T1', '1FT', '3VW', 'JTD', '4T1']);
  return vinWithCheck(
    `${maker}${draw.of(VIN_CHARS, 5)}0${draw.of('ABCDEFGHJKLMNPRSTVWXY123456789', 1)}${draw.of(VIN_CHARS, 2)}${draw.fill('#####')}`,
  );
};
const plate = (draw: Draw): string =>
  draw.fill(draw.pick(['#@@@###', '@@@ ####', '@@## @@@', 'B-@@ ####', '@@-###-@@', '@@@-####']));

const imei = (draw: Draw): string => {
  const body = `35${draw.fill('############')}`;
  const number = body + luhnDigit(body);
  return draw.chance(0.7) ? number : number.replace(/(..)(......)(......)(.)/, '$1-$2-$3-$4');
};
const serial = (draw: Draw): string =>
  draw.fill(draw.pick(['C0#XK#JTJG#?', 'SN-####-####', '@@@######', '####-####-##', '?????????#']));

const biometric = (draw: Draw): string =>
  draw.pick([
    draw.fill('FP-#####-@#'),
    draw.fill('bio_&&&&&#&&'),
    draw.fill('VP######'),
    draw.fill('TMPL-&&&&-###'),
  ]);

/** RFC 9562: version and variant where they belong. */
const uuid = (draw: Draw): string => {
  const version = draw.pick(['1', '4', '4', '7']);
  const text = `${draw.fill('&&&&&&&&-&&&&')}-${version}${draw.fill('&&&')}-${draw.of('89ab', 1)}${draw.fill('&&&-&&&&&&&&&&&&')}`;
  return draw.chance(0.2) ? text.toUpperCase() : text;
};

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const ordinal = (day: number): string =>
  ({ 1: 'st', 2: 'nd', 3: 'rd' })[day > 13 ? day % 10 : day] ?? 'th';

export function calendarDate(draw: Draw, from: number, to: number): string {
  const [year, month, day] = [String(draw.int(from, to)), draw.int(1, 12), draw.int(1, 28)];
  const name = MONTHS[month - 1] ?? '';
  const numbers = [two(day), two(month)];
  return draw.pick([
    `${year}-${two(month)}-${two(day)}`,
    `${two(month)}/${two(day)}/${year}`,
    `${numbers.join('.')}.${year}`,
    `${numbers.join('/')}/${year}`,
    `${name} ${String(day)}, ${year}`,
    `${String(day)} ${name} ${year}`,
    `${name.slice(0, 3)} ${String(day)}, ${year}`,
    `${two(day)}-${name.slice(0, 3)}-${year}`,
    `${year}/${two(month)}/${two(day)}`,
    `${String(day)}${ordinal(day)} of ${name} ${year}`,
  ]);
}
const clock = (draw: Draw): string => {
  const [hour, minute] = [draw.int(0, 23), two(draw.int(0, 59))];
  const half = String((hour % 12) + 1);
  return draw.pick([
    `${two(hour)}:${minute}`,
    `${two(hour)}:${minute}:${two(draw.int(0, 59))}`,
    `${half}:${minute} ${draw.pick(['am', 'pm', 'PM'])}`,
    `${half} ${draw.pick(['am', 'pm'])}`,
    `${half}:${minute}${draw.pick(['am', 'pm'])}`,
  ]);
};

const WORDS = ['maple', 'orbit', 'velvet', 'cobalt', 'harbor', 'Falcon', 'Thunder'];
const password = (draw: Draw): string =>
  draw.pick([
    `${draw.pick(WORDS)}${draw.fill('##')}!`,
    `${draw.pick(WORDS)}-${draw.pick(WORDS)}-${draw.fill('##')}`,
    `${draw.of(`${CAPITALS}${HEX}`, 4)}#${draw.of(HEX, 4)}$${draw.fill('#')}x`,
    `P@ss${draw.fill('####')}`,
  ]);
const ALPHANUMERIC = `${CAPITALS}${CAPITALS.toLowerCase()}${DIGITS}`;
const base64 = (text: string): string => Buffer.from(text).toString('base64url');
/** Documented prefixes of their makers; RFC 7519; a connection string with a password. */
const key = (draw: Draw): string =>
  draw.pick([
    `AKIA${draw.of(CAPITALS, 8)}${draw.of('234567', 4)}${draw.of(CAPITALS, 4)}`,
    `ghp_${draw.of(ALPHANUMERIC, 36)}`,
    `sk_live_${draw.of(ALPHANUMERIC, 20)}${draw.fill('####')}`,
    `xoxb-${draw.fill('############')}-${draw.of(ALPHANUMERIC, 24)}`,
    `AIza${draw.of(ALPHANUMERIC, 35)}`,
    `${base64('{"alg":"HS256"}')}.${base64(`{"sub":"${draw.fill('######')}"}`)}.${draw.of(ALPHANUMERIC, 43)}`,
    `postgres://app:${draw.of(ALPHANUMERIC, 10)}@db.example.com:5432/main`,
  ]);

const OLD = (draw: Draw): string => String(draw.int(90, 112));
const years = (draw: Draw, age: string): string =>
  draw.pick([`${age}-year-old`, `${age} years old`, `${age} yo`, `${age} y/o`]);
const AGE_SENTENCES = [
  'The patient is §.',
  'A § resident was seen.',
  'Pt is §, lives alone.',
  '§ male, no allergies',
  '"summary": "§ woman"',
];
const AGE_CUES = ['age', 'patient age', 'age at admission'];

/** Words of article 9(1) GDPR in sentences about somebody. */
const SPECIAL = [
  'diabetes',
  'epilepsy',
  'hepatitis',
  'depression',
  'hiv',
  'pregnant',
  'catholic',
  'muslim',
  'jewish',
  'trade union',
  'bisexual',
  'gay',
  'transgender',
  'bipolar disorder',
  'multiple sclerosis',
  'buddhist',
  'hispanic',
];
const SPECIAL_SENTENCES = [
  'The form says §.',
  'HR noted: §',
  'He told us about it (§).',
  '"note": "§"',
  'status;§;open',
  '§ - see the file',
  'It was § again, she said.',
];

export const DOCUMENT_KINDS: readonly Kind[] = [
  {
    type: 'US_SSN',
    cues: ['ssn', 'social security number', 'social security no', 'ss#'],
    value: ssn,
  },
  { type: 'US_SSN', cues: ['ssn'], value: dashedSsn, bare: true },
  {
    type: 'US_PASSPORT',
    cues: ['passport', 'passport number', 'us passport no'],
    value: usPassport,
  },
  {
    type: 'PASSPORT',
    cues: ['reisepass', 'passeport', 'uk passport', 'pasaporte', 'personalausweis'],
    value: foreignPassport,
  },
  {
    type: 'DRIVER_LICENSE',
    cues: [
      "driver's license",
      'driver license number',
      'driving licence',
      'dl number',
      'drivers license no',
    ],
    value: licence,
  },
  {
    type: 'MEDICAL_RECORD_NUMBER',
    cues: ['mrn', 'medical record number', 'patient id', 'chart number', 'hospital number'],
    value: (draw) =>
      draw.fill(draw.pick(['########', '#######', '@-######', 'PT-#####', '##-##-##', '@@######'])),
  },
  {
    type: 'VEHICLE_ID',
    cues: ['vin', 'chassis number', 'vehicle identification number'],
    value: vin,
    bare: true,
  },
  {
    type: 'VEHICLE_ID',
    cues: ['license plate', 'number plate', 'plate', 'kennzeichen', 'registration plate'],
    value: plate,
  },
  { type: 'DEVICE_ID', cues: ['imei', 'imei number'], value: imei },
  {
    type: 'DEVICE_ID',
    cues: ['serial number', 's/n', 'device id', 'serial no', 'device serial'],
    value: serial,
  },
  {
    type: 'BIOMETRIC_ID',
    cues: [
      'fingerprint template',
      'biometric id',
      'voiceprint id',
      'iris scan',
      'face template id',
    ],
    value: biometric,
  },
  { type: 'UUID', cues: ['id', 'uuid', 'session'], value: uuid, bare: true },
  {
    type: 'DATE',
    cues: ['date', 'admission date', 'visit', 'discharge date'],
    value: (draw) => calendarDate(draw, 1990, 2026),
    bare: true,
  },
  {
    type: 'DATE_OF_BIRTH',
    cues: ['dob', 'date of birth', 'birth date', 'd.o.b.', 'birthday'],
    value: (draw) => calendarDate(draw, 1935, 2010),
  },
  { type: 'TIME', cues: ['time', 'start time', 'appointment'], value: clock, bare: true },
  { type: 'AGE', cues: AGE_CUES, value: (draw) => String(draw.int(18, 88)) },
  {
    type: 'AGE',
    cues: AGE_CUES,
    value: (draw) => years(draw, String(draw.int(18, 88))),
    bare: true,
    sentences: AGE_SENTENCES,
  },
  { type: 'AGE_OVER_89', cues: AGE_CUES, value: OLD },
  {
    type: 'AGE_OVER_89',
    cues: AGE_CUES,
    value: (draw) => years(draw, OLD(draw)),
    bare: true,
    sentences: AGE_SENTENCES,
  },
  {
    type: 'SPECIAL_CATEGORY',
    cues: [],
    value: (draw) => draw.pick(SPECIAL),
    bare: true,
    anyCase: true,
    sentences: SPECIAL_SENTENCES,
  },
  {
    type: 'SECRET',
    cues: ['password', 'passphrase', 'pwd', 'temporary password', 'api key'],
    value: password,
  },
  { type: 'SECRET', cues: ['key', 'token', 'credentials'], value: key, bare: true },
];
