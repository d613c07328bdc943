import type { Recognizer } from '../types.js';

export const driverLicense: Recognizer = {
  name: 'driver-license',
  type: 'DRIVER_LICENSE',
  patterns: [
    {
      name: 'after-cue',
      anchor: ['driver', 'drivers', 'driving', 'license', 'licence', 'dl', 'd'],
      regex:
        /(?<![\w])(?:(?:driver(?:'?s|s'|’s)?|driving)[ -]licen[cs]e|DL|D\.L\.)(?:[ -]{0,2}(?:number|no|num|id|nr)\b\.?)?["')]{0,2}[ \t]{0,2}(?:[:=#(]|is|was)?[ \t#"'(]{0,3}(?<value>(?=[A-Z\d*-]{0,17}\d)[A-Z\d][A-Z\d-]{4,17})(?!\w)/gi,
      score: 0.9,
    },
  ],
  validate: (value) => (value.replace(/\D/g, '').length >= 3 ? 'passed' : 'failed'),
  matches: [
    ["driver's license number D1234567", 'D1234567'],
    ['driving licence: MORGA753116SM9IJ', 'MORGA753116SM9IJ'],
    ['DL# S530-4607-9812', 'S530-4607-9812'],
    ['drivers license F255-921-50-094-0', 'F255-921-50-094-0'],
  ],
  rejects: ['driver license renewal', 'DL abc', 'license agreement 12', 'model D1234567'],
};
