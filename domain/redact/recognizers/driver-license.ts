import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

export const driverLicense: Recognizer = {
  name: 'driver-license',
  type: 'DRIVER_LICENSE',
  patterns: [
    ...besideLabel(
      [
        'driver license',
        'drivers license',
        "driver's license",
        'driver’s license',
        "drivers' license",
        'driving license',
        'driver licence',
        'drivers licence',
        "driver's licence",
        'driver’s licence',
        'driving licence',
        'dl',
        'd.l.',
        'führerschein',
        'führerscheinnummer',
        'permis de conduire',
      ],
      String.raw`(?=[A-Z\d*-]{0,17}\d)[A-Z\d][A-Z\d-]{4,17}`,
      { score: 0.9 },
    ),
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
