import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

const OF = ['medical', 'health', 'hospital', 'patient', 'clinical'];
const RECORDS = ['record', 'chart', 'file', 'number', 'no', 'id', 'identifier', 'reference', 'ref'];
const CUES = [
  'mrn',
  'emrn',
  'chart',
  'patient',
  'file number',
  'file no',
  'rx',
  'prescription',
  'accession',
  'specimen',
  'encounter',
  ...OF.flatMap((of) => RECORDS.map((what) => `${of} ${what}`)),
];

export const medicalRecordNumber: Recognizer = {
  name: 'medical-record-number',
  type: 'MEDICAL_RECORD_NUMBER',
  patterns: [
    ...besideLabel(
      CUES,
      String.raw`(?:[A-Z]{1,4}[-/]?)?\d(?:[\d-]{3,14}|\d{1,5}(?:\/\d{2,8}){1,2})(?![-./]\d)`,
      { score: 0.93 },
    ),
    { name: 'prefixed', anchor: 'number', regex: /(?<![\w-])MRN\d{4,12}(?!\w)/g, score: 0.9 },
  ],
  trim: (value) => value.replace(/-{1,14}$/, ''),
  validate: (value) => (value.replace(/\D/g, '').length >= 4 ? 'passed' : 'failed'),
  matches: [
    ['MRN: 00482913', '00482913'],
    ['medical record number is A-482913.', 'A-482913'],
    ['patient ID #PT-88213', 'PT-88213'],
    ['(MRN 4829-1377)', '4829-1377'],
    ['MRN482913', 'MRN482913'],
    ['the file no. LIG/2024/00931).', 'LIG/2024/00931'],
    ['Rx# 6620013', '6620013'],
  ],
  rejects: [
    'patient 12',
    'the chart shows 3 peaks',
    'MRN unknown',
    'file number must be set',
    'prescription drugs',
    'specimen 12',
    'patient was 45 years old',
  ],
};
