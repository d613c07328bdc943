import { isValidBIC } from 'ibantools';
import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

/** ISO 9362: bank, country, place and, perhaps, branch. */
export const bicCode: Recognizer = {
  name: 'bic-code',
  type: 'BANK_CODE',
  patterns: [
    ...besideLabel(
      ['bic', 'bicfi', 'swift', 'bic/swift', 'swift/bic', 'swift bic', 'bank identifier'],
      '[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?',
      { score: 0.3, passedScore: 0.96 },
    ),
    {
      // Fields 52A to 58A of a SWIFT message, and its header.
      name: 'swift-field',
      anchor: 'number',
      regex: /(?<=:5\d[AD]:|\{1:F01)[A-Z]{6}[A-Z\d]{2}(?:[A-Z\d]{3})?/g,
      score: 0.3,
      passedScore: 0.96,
    },
    {
      // One with a branch and a digit in it, where a payment is spoken of: `SUMMER24` is a code of eight.
      name: 'with-digit',
      anchor: 'number',
      // A word with a number behind it is none: `JANUARY2024`.
      regex:
        /(?<![A-Za-z\d])(?=[A-Z]{6,10}\d)(?![A-Z]{6,9}\d{2,5}(?![A-Za-z\d]))[A-Z]{6}[A-Z\d]{5}(?![A-Za-z\d])/g,
      score: 0.1,
      passedScore: 0.3,
      needsContext: true,
    },
    {
      // A sentence or two behind its name, in a text that is not all in capitals: `REQUIRED` looks like one.
      name: 'behind-its-name',
      anchor: { around: ['swift', 'bic'], before: 0, after: 150 },
      regex:
        /(?<=(?<![A-Za-z\d])(?:[Ss]wift|SWIFT|[Bb]ic|BIC)(?![A-Za-z\d])[^]{1,120})(?<![A-Za-z\d]|[A-Z]{2}[ ,.:]{1,2})[A-Z]{6}[A-Z\d]{2}(?:[A-Z\d]{3})?(?![A-Za-z\d]|[ ,.:]{1,2}[A-Z]{2})/g,
      score: 0.1,
      passedScore: 0.75,
    },
    // What is said of a bank goes on with many a word of eight letters, but with none that has a digit.
    ...besideLabel(
      [
        'intermediary bank',
        'correspondent bank',
        'beneficiary bank',
        'ben. bank',
        'receiving bank',
      ],
      String.raw`(?=[A-Z]{6,10}\d)[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?`,
      { score: 0.2, passedScore: 0.8 },
      'beside-bank',
    ),
  ],
  context: {
    words: [
      'wire',
      'transfer',
      'payment',
      'remittance',
      'bank',
      'überweisung',
      'virement',
      'transferencia',
      'bonifico',
      'beneficiary',
    ],
    boost: 0.4,
    charsBefore: 60,
  },
  // In lower case a word can look like one: `required` would be a bank in Iran.
  validate: (value) => {
    if (!isValidBIC(value.toUpperCase())) return 'failed';
    return value === value.toUpperCase() ? 'passed' : 'unconfirmed';
  },
  matches: [
    ['BIC: DEUTDEFF', 'DEUTDEFF'],
    ['SWIFT code NEDSZAJJXXX', 'NEDSZAJJXXX'],
    ['Intermediary bank CHASUS33, ben.', 'CHASUS33'],
    ['ben. bank ABCDINBB104', 'ABCDINBB104'],
    ['Überweisung lief über RAIFCH22C83, Spesen', 'RAIFCH22C83'],
    ['"bic":"BNPAFRPP"', 'BNPAFRPP'],
    ['The Swift on the first form was old; please take (DEUTDEFF) now', 'DEUTDEFF'],
  ],
  rejects: [
    'swift response',
    'SWIFT DATA IS REQUIRED FOR ALL',
    'Swift builds on LINUXAARCH hosts',
    'DEUTDEFF',
    'BIC is unknown',
    'payment with code SUMMER24',
    'transfer JANUARY2024',
    'bank CUSTOMER123',
    'payment TICKET12345',
    'payment code WELCOME2024',
  ],
};

/** How countries number the branches of banks: no check digit, so that the label tells. */
export const branchCode: Recognizer = {
  name: 'branch-code',
  type: 'BANK_CODE',
  patterns: [
    ...besideLabel(
      ['sort code', 'sortcode'],
      String.raw`\d{2}([- ]?)\d{2}\1\d{2}(?![-.]?\d)`,
      { score: 0.95 },
      'united-kingdom',
    ),
    ...besideLabel(['bsb'], String.raw`\d{3}[- ]?\d{3}(?![-.]?\d)`, { score: 0.95 }, 'australia'),
    ...besideLabel(
      ['blz', 'bankleitzahl'],
      String.raw`\d{3} ?\d{3} ?\d{2}(?![-.]?\d)`,
      { score: 0.95 },
      'germany',
    ),
    ...besideLabel(
      ['bank transit', 'transit no', 'transit number'],
      String.raw`\d{5}(?:-\d{3})?(?![-.]?\d)`,
      { score: 0.8 },
      'canada',
    ),
    // Banks begin with 0.
    ...besideLabel(
      ['institution number', 'institution no'],
      String.raw`0\d{2}(?![-.]?\d)`,
      { score: 0.8 },
      'canada-bank',
    ),
    ...besideLabel(['бик'], String.raw`04\d{7}`, { score: 0.95 }, 'russia'),
    {
      // The line at the bottom of a cheque.
      name: 'cheque',
      anchor: 'number',
      regex: /(?<=⑆ ?)\d{9}(?= ?⑆)/g,
      score: 0.97,
    },
    ...besideLabel(['ifsc'], String.raw`[A-Z]{4}0[A-Z\d]{6}`, { score: 0.97 }, 'ifsc'),
  ],
  matches: [
    ['Sort code: 20-44-14', '20-44-14'],
    ['BSB 066-994 Acc', '066-994'],
    ['BLZ 370 502 99', '370 502 99'],
    ['IFSC HDFC0000240 branch', 'HDFC0000240'],
    ['line: ⑆103328728⑆ 6151426021⑈', '103328728'],
    ['БИК 044525974, к/с', '044525974'],
    ['institution no. 004, transit', '004'],
    ['transit no. 02841-004', '02841-004'],
  ],
  rejects: [
    'sort the code 12',
    'BSB 12',
    'sort codes of 2024-01',
    'BLZ fehlt',
    'Transit number 240',
    'Institution number 125',
    'container MSKU0134711',
  ],
};
