import { passesLuhn } from '../../../policies/index.js';
import type { Recognizer } from '../types.js';
import { DEVICES, SERIALS, THINGS } from './device-labels.js';
import { besideLabel } from './labelled.js';

/** 3GPP TS 23.003: 15 digits with Luhn's check digit, or 14, or 16 with a software version. */
export const imei: Recognizer = {
  name: 'imei',
  type: 'DEVICE_ID',
  patterns: [
    ...besideLabel(
      ['imei', 'imei1', 'imei2', 'imeisv', 'meid', 'imsi', 'iccid'],
      String.raw`\d{2}[ -]?\d{6}[ -]?\d{6,11}(?:[ -]?\d{1,2})?`,
      { score: 0.85, passedScore: 0.97 },
    ),
    {
      // What a telephone shows when it is asked.
      name: 'asked',
      anchor: 'number',
      regex:
        /(?<=\*#06#"?(?::| gives| shows| says|,? (?:mine|it) (?:is|says|shows|gives))?:? (?:\d{14,16}(?:,|,? and) )?)\d{14,16}(?!\w)/g,
      score: 0.97,
    },
    {
      // As it is printed: type allocation code in two parts, serial number, check digit.
      name: 'in-parts',
      anchor: 'number',
      regex: /(?<![\w.+-])(?:01|35|4[459]|5[0-4]|86|91|99)-\d{6}-\d{6}-\d(?![\w]|[-.,]\d)/g,
      score: 0.3,
      passedScore: 0.95,
    },
    {
      // Of the reporting bodies that give them out.
      name: 'near-telephone',
      anchor: 'number',
      regex: /(?<![\w.+-])(?:01|35|4[459]|5[0-4]|86|91|99)\d{13}(?![\w]|[-.,]\d)/g,
      score: 0.2,
      passedScore: 0.97,
      needsContext: true,
    },
  ],
  context: {
    words: (
      'imei phone phones handset handsets mobile smartphone iphone ipad tablet galaxy pixel device sim dual blocked blacklisted blacklist eir ceir ' +
      'telefon handy téléphone portable teléfono móvil cellulare telefone celular toestel'
    ).split(' '),
    boost: 0,
  },
  validate: (value) => (passesLuhn(value.replace(/\D/g, '')) ? 'passed' : 'unconfirmed'),
  matches: [
    ['IMEI: 490154203237518', '490154203237518'],
    ['imei 49-015420-323751-8', '49-015420-323751-8'],
    ['IMSI 310150123456789', '310150123456789'],
    ['Paired phone: 356938035643809.', '356938035643809'],
    ['whose number was 35-693803-564380-9.', '35-693803-564380-9'],
    ['*#06# shows 8674120546486238 and 8674121077443903', '8674120546486238', '8674121077443903'],
  ],
  rejects: [
    'imei unknown',
    'IMEI 1234',
    '490154203237518',
    '356938035643809',
    'phone 356938035643801',
  ],
};

export const serialNumber: Recognizer = {
  name: 'serial-number',
  type: 'DEVICE_ID',
  patterns: [
    ...besideLabel(
      [...SERIALS, ...DEVICES],
      String.raw`(?=[\p{L}\d/-]{0,30}\d)[\p{L}\d][\p{L}\d/-]{4,39}`,
      { score: 0.85 },
    ),
    // In groups, each with a digit: `20 44 8201`.
    ...besideLabel(
      SERIALS,
      String.raw`(?=[A-Z]{0,4}\d)[A-Z\d]{2,6}(?: (?=[A-Z]{0,3}\d)[A-Z\d]{2,8}){2,4}|\d{3,6} \d{3,6}|[A-Z]{1,3}\d{2,6} \d{3,6}`,
      { score: 0.86, needs: 'verb' },
      'in-groups',
    ),
    ...besideLabel(
      THINGS,
      String.raw`(?!(?:PO|INV|RMA|SO|SKU|PN|REF|CVE|BUG)-?\d)[A-Z]{1,4}-?\d{6,12}[A-Z]{0,2}`,
      { score: 0.75 },
      'behind-thing',
    ),
    ...besideLabel(
      ['sn'],
      String.raw`(?=[A-Z\d-]{0,16}\d)[A-Z\d][A-Z\d-]{5,19}`,
      {
        score: 0.8,
        needs: 'sign',
      },
      'abbreviated',
    ),
  ],
  validate: (value) =>
    (value.replace(/\D/g, '').length >= 3 || /^(?=.*\d)[A-Z\d]{8,}$/.test(value)) &&
    !/^(?:19|20)\d\d[-/]\d/.test(value)
      ? 'passed'
      : 'failed',
  matches: [
    ['serial number: C02XK1JTJGH5', 'C02XK1JTJGH5'],
    ['S/N 4829-1377-22', '4829-1377-22'],
    ['pacemaker serial no. PJN482913', 'PJN482913'],
    ['device id 8f14e45fceea167a', '8f14e45fceea167a'],
    ['"udid":"00005230-002E7F2AAFBA01EE"', '00005230-002E7F2AAFBA01EE'],
    ['scanner sn# S10-370682-YE dropped', 'S10-370682-YE'],
    ['Insulin pump ser. no. KR7041226H; CGM receiver QM70412268.', 'KR7041226H', 'QM70412268'],
    ['hearing aid, S/N 70 41 2268. I', '70 41 2268'],
    ['engraved with the serial number Z337 2168, in', 'Z337 2168'],
    ['asset sticker FVFXK704HG12 on', 'FVFXK704HG12'],
    ['a tag was fitted, unit no. EM-704122', 'EM-704122'],
    ['SN: 5CD1207K4', '5CD1207K4'],
    ['Zählernummer: 1EMH0070412268', '1EMH0070412268'],
    ['electricity meter no. 70412268 was', '70412268'],
    ['hearing aid serial 2243821647 and 2228370794, left', '2243821647', '2228370794'],
  ],
  rejects: [
    'serial port 3',
    'device 12',
    'serial killer',
    'device since 2024-01-02',
    'monitor U2720Q, printer HL1110',
    'the meter reads 48213 today',
    'unit number 204, unit 4B',
    'receiver PO704122 is late',
    'a tag line of 704122 words',
    'S/N ratio 42 dB',
  ],
};

/** RFC 9562. */
export const uuid: Recognizer = {
  name: 'uuid',
  type: 'UUID',
  patterns: [
    {
      name: 'canonical',
      regex: /(?<![\w-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/gi,
      score: 0.4,
      passedScore: 0.95,
      anchor: 'number',
    },
    ...besideLabel(
      ['uuid', 'guid', 'session', 'session id', 'visitor id', 'trace id'],
      '[0-9a-f]{32}',
      { score: 0.9 },
    ),
  ],
  validate: (value) =>
    /^[0-9a-f]{32}$/i.test(value) || /^.{14}[1-8].{4}[89ab]/i.test(value)
      ? 'passed'
      : /^[0-]+$/.test(value)
        ? 'failed'
        : 'unconfirmed',
  matches: [
    ['id 123e4567-e89b-12d3-a456-426614174000', '123e4567-e89b-12d3-a456-426614174000'],
    ['{F47AC10B-58CC-4372-A567-0E02B2C3D479}', 'F47AC10B-58CC-4372-A567-0E02B2C3D479'],
    ['session=a88daa07f4ad410c94f696ceae44a5b8 (', 'a88daa07f4ad410c94f696ceae44a5b8'],
    ['9b2c8a1e-3f4d-4c5b-8a7e-1d2c3b4a5f6e.', '9b2c8a1e-3f4d-4c5b-8a7e-1d2c3b4a5f6e'],
  ],
  rejects: [
    '00000000-0000-0000-0000-000000000000',
    '123e4567-e89b-12d3',
    'x123e4567-e89b-12d3-a456-426614174000',
  ],
};
