import type { Recognizer } from '../types.js';

const CUE = String.raw`(?:mrn|emrn|(?:medical|health|hospital|patient|clinical) (?:record|chart|file|number|no|id|identifier|ref(?:erence)?)|chart|patient)`;
const KIND = String.raw`(?:[ -]{0,2}(?:number|no|num|id|nr|identifier)\b\.?)?`;

export const medicalRecordNumber: Recognizer = {
  name: 'medical-record-number',
  type: 'MEDICAL_RECORD_NUMBER',
  patterns: [
    {
      name: 'after-cue',
      anchor: ['mrn', 'emrn', 'medical', 'health', 'hospital', 'patient', 'clinical', 'chart'],
      regex: new RegExp(
        String.raw`(?<![\w])${CUE}${KIND}["')\]]{0,2}[ \t]{0,2}(?:[:=#(]|is|of|was)?[ \t#"'(]{0,3}(?<value>[A-Z]{0,4}[- ]?\d[\d-]{3,14})(?![\w]|[-.]\d)`,
        'gi',
      ),
      score: 0.93,
    },
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
  ],
  rejects: ['patient 12', 'the chart shows 3 peaks', 'MRN unknown', 'patient was 45 years old'],
};
