import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';
import { BRAZILIAN_LICENCES, LICENCES } from './licence-labels.js';

/** A word in small letters before the number is no prefix; a year and a day, or a year and a count, no licence. */
const validateLicence = (value: string): 'passed' | 'failed' =>
  value.replace(/\D/g, '').length >= 4 &&
  !/^\p{Ll}+ /u.test(value) &&
  !/^(?:19|20)\d\d(?:[-/]\d{1,3})?$/.test(value) &&
  !/^\d{1,2}\/(?:\d{1,2}\/)?\d{2,4}$/.test(value)
    ? 'passed'
    : 'failed';

export const licenseNumber: Recognizer = {
  name: 'license-number',
  type: 'LICENSE_NUMBER',
  patterns: [
    ...besideLabel(
      LICENCES,
      [
        // Door supervisors; the badge of a disabled driver: council and serial, sex, till when.
        String.raw`\d{4}(?: \d{4}){3}`,
        String.raw`(?=[A-Z]{0,5}\d)[A-Z\d]{5,6} [A-Z\d] \d{4} ?X?\d{4}`,
        String.raw`[A-Z\d]{1,6}(?:\/[A-Z\d]{1,8}){1,3}`,
        String.raw`(?:(?!PIN|NO |NR |NUM|REG)[A-Z]{2,5}(?:-[A-Z]{2,4})? (?=\d))?(?=[\p{L}\d-]{0,16}\d)[\p{L}\d][\p{L}\d-]{3,16}`,
      ].join('|'),
      { score: 0.82 },
    ),
    ...besideLabel(
      BRAZILIAN_LICENCES,
      String.raw`\d{1,3}(?:\.\d{3}){1,2}|\d{4,7}`,
      { score: 0.85 },
      'brazilian',
    ),
    {
      // What the council of nurses and midwives gives out: year and month of birth's place, a check letter.
      name: 'nurse',
      anchor: 'number',
      regex: /(?<![\w-])\d{2}[A-L]\d{4}[A-Z](?![\w-])/g,
      score: 0.9,
      needsContext: true,
    },
  ],
  validate: validateLicence,
  context: {
    words: ['nurse', 'nurses', 'nursing', 'midwife', 'nmc', 'matron'],
    boost: 0,
  },
  matches: [
    ['medical license MD482913', 'MD482913'],
    ['certificate no. 4829-1377', '4829-1377'],
    ['GMC number 7654321', '7654321'],
    ['RN license RN 6876935 exp.', 'RN 6876935'],
    ['CRM-SP 179296, Dra.', '179296'],
    ['OAB/RJ 217.402, advogada', '217.402'],
    ['N° RPPS du prescripteur : 10000126275', '10000126275'],
    ['Nr prawa wykonywania zawodu lekarza: 2257757', '2257757'],
    ['AHPRA registration MED0009755996 general', 'MED0009755996'],
    ["the mechanic's A&P number: 3061274", '3061274'],
    ['Prescriber code 5530172, refill', '5530172'],
    ["his solicitor's roll number SRA 617203", 'SRA 617203'],
    ['gun permit FOID 61720355', 'FOID 61720355'],
    ['FOID card no. 61720355', '61720355'],
    ['guard card PERC 141-617203', 'PERC 141-617203'],
    ['Her shotgun certificate (SGC/61/72035) lapsed', 'SGC/61/72035'],
    ['SIA licence 1017 6172 0355 4418', '1017 6172 0355 4418'],
    ['blue badge 61QA7 X 0417 0726', '61QA7 X 0417 0726'],
    ['registered nurse, PIN 17C2206E', '17C2206E'],
    ['Nº colegiado 28/6172035, firma', '28/6172035'],
    ['welder cert. AWS-CWI 61720355', 'AWS-CWI 61720355'],
  ],
  rejects: [
    'license agreement',
    'certificate 2024',
    'permit 12',
    'driving license renewal',
    'building permit 2024-118 was granted',
    'permit 12/2024',
    'certificate of 04/11/2023',
    'seat 17C2206E',
    'the roll number in the play is 12',
    'a blue badge for 250 guests',
    'Firearms certificate fees rose to 88 pounds',
  ],
};
