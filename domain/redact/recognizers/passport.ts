import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

const hasDigits = (value: string): 'passed' | 'failed' =>
  value.replace(/\D/g, '').length >= 5 ? 'passed' : 'failed';

/** Passports and identity cards outside the United States: they share hardly more than a length. */
export const passport: Recognizer = {
  name: 'passport',
  type: 'PASSPORT',
  patterns: [
    ...besideLabel(
      [
        'reisepass',
        'reisepassnummer',
        'passnummer',
        'passeport',
        'pasaporte',
        'passaporto',
        'passaporte',
        'paszport',
        'paspoort',
        'pass-nr',
        'personalausweis',
        'ausweisnummer',
        'ausweis',
        'carte d’identité',
        "carte d'identité",
        'carta d’identità',
        "carta d'identità",
        'uk passport',
        'indian passport',
        'identity card',
        'dowód osobisty',
        'kimlik seri',
        'id card',
      ],
      String.raw`(?=[\p{Lu}\p{Ll}\d]{0,14}\d)[\p{L}\d]{6,14}`,
      { score: 0.95 },
    ),
    ...besideLabel(
      ['passport'],
      String.raw`(?=[A-Z\d]{0,11}\d)[A-Z\d]{7,12}`,
      { score: 0.85 },
      'of-any-country',
    ),
  ],
  validate: hasDigits,
  matches: [
    ['Reisepass C01X00T47', 'C01X00T47'],
    ['passeport n° 12AB34567'.replace('n° ', ': '), '12AB34567'],
    ['Personalausweis: T220001293', 'T220001293'],
    ['UK passport 925665416', '925665416'],
  ],
  rejects: ['Reisepass verloren', 'ausweis bitte', 'identity card lost', 'passport office'],
};

const LICENCES = [
  'npi',
  'medical license',
  'medical licence',
  'nursing license',
  'professional license',
  'bar number',
  'bar',
  'state license',
  'license',
  'licence',
  'certificate',
  'certification',
  'registration certificate',
  'birth certificate',
  'marriage certificate',
  'death certificate',
  'permit',
  'approbation',
  'gmc',
  'nmc',
  'license no',
  'dea',
];

export const licenseNumber: Recognizer = {
  name: 'license-number',
  type: 'LICENSE_NUMBER',
  patterns: [
    ...besideLabel(LICENCES, String.raw`(?=[\p{L}\d-]{0,16}\d)[\p{L}\d][\p{L}\d-]{3,16}`, {
      score: 0.82,
    }),
  ],
  validate: (value) =>
    value.replace(/\D/g, '').length >= 4 && !/^(?:19|20)\d\d$/.test(value) ? 'passed' : 'failed',
  matches: [
    ['medical license MD482913', 'MD482913'],
    ['certificate no. 4829-1377', '4829-1377'],
    ['GMC number 7654321', '7654321'],
  ],
  rejects: ['license agreement', 'certificate 2024', 'permit 12', 'driving license renewal'],
};

export const healthPlan: Recognizer = {
  name: 'health-plan-number',
  type: 'HEALTH_ID',
  patterns: [
    ...besideLabel(
      [
        'health plan',
        'health insurance',
        'beneficiary',
        'medicaid',
        'medicare',
        'health plan beneficiary',
        'hicn',
        'mbi',
        'krankenversichertennummer',
        'kvnr',
        'versichertennummer',
        'insurance card',
        'health card',
        'ohip',
        'subscriber',
        'plan member',
        'insurance member',
      ],
      String.raw`(?=[\p{L}\d -]{0,16}\d)[\p{L}\d][\p{L}\d-]{4,19}`,
      { score: 0.87 },
    ),
    {
      name: 'medicare-beneficiary',
      regex:
        /(?<![\w-])[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}(?![\w-])/g,
      score: 0.9,
      anchor: 'number',
    },
  ],
  validate: (value) => (value.replace(/\D/g, '').length >= 4 ? 'passed' : 'failed'),
  matches: [
    ['MBI 1EG4-TE5-MK73', '1EG4-TE5-MK73'],
    ['health plan number: HPB-4829137', 'HPB-4829137'],
    ['Medicaid ID 482913770', '482913770'],
    ['1EG4TE5MK73', '1EG4TE5MK73'],
  ],
  rejects: ['medicare part B', 'health insurance costs', 'beneficiary 12', 'subscriber since'],
};

export const biometricId: Recognizer = {
  name: 'biometric-id',
  type: 'BIOMETRIC_ID',
  patterns: [
    ...besideLabel(
      [
        'fingerprint template',
        'fingerprint',
        'voiceprint',
        'voice print',
        'retina scan',
        'iris scan',
        'iris template',
        'face template',
        'faceprint',
        'biometric',
        'biometric template',
        'palm print',
        'dna profile',
        'genetic sample',
      ],
      String.raw`(?=[\p{L}\d+/_-]{0,40}\d)[\p{L}\d][\p{L}\d+/_-]{5,120}={0,2}`,
      { score: 0.85 },
    ),
  ],
  validate: (value) => (value.replace(/\D/g, '').length >= 3 ? 'passed' : 'failed'),
  matches: [
    ['fingerprint template: FP-88213-A7', 'FP-88213-A7'],
    ['voiceprint ID VP482913', 'VP482913'],
    ['"biometricId":"bio_4829a7f1"', 'bio_4829a7f1'],
  ],
  rejects: ['fingerprint reader broken', 'biometric login', 'fingerprint 12'],
};
