import { passesLuhn } from '../../../policies/index.js';
import type { Recognizer } from '../types.js';
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
  ],
  validate: (value) => (passesLuhn(value.replace(/\D/g, '')) ? 'passed' : 'unconfirmed'),
  matches: [
    ['IMEI: 490154203237518', '490154203237518'],
    ['imei 49-015420-323751-8', '49-015420-323751-8'],
    ['IMSI 310150123456789', '310150123456789'],
  ],
  rejects: ['imei unknown', 'IMEI 1234', '490154203237518'],
};

export const serialNumber: Recognizer = {
  name: 'serial-number',
  type: 'DEVICE_ID',
  patterns: [
    ...besideLabel(
      [
        'serial',
        's/n',
        'device',
        'device serial',
        'pacemaker',
        'implant',
        'udi',
        'seriennummer',
        'asset tag',
        'hardware',
        'machine',
        'android',
        'advertising',
        'idfa',
        'gaid',
        'pump',
        'device identifier',
        'equipment',
        'udid',
        'sn#',
        'numéro de série',
        'n° de série',
        '製造番号',
        'número de serie',
        'numero di serie',
        'серийный номер',
        '序列号',
        '設備序號',
        'シリアル番号',
      ],
      String.raw`(?=[\p{L}\d/-]{0,30}\d)[\p{L}\d][\p{L}\d/-]{4,39}`,
      { score: 0.85 },
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
    ['hearing aid serial 2243821647 and 2228370794, left', '2243821647', '2228370794'],
  ],
  rejects: ['serial port 3', 'device 12', 'serial killer', 'device since 2024-01-02'],
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
