import { isValidBIC } from 'ibantools';
import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

/** ISO 9362: bank, country, place and, perhaps, branch. */
export const bicCode: Recognizer = {
  name: 'bic-code',
  type: 'BANK_CODE',
  patterns: [
    ...besideLabel(
      ['bic', 'swift', 'bic/swift', 'swift/bic', 'swift bic', 'bank identifier'],
      '[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?',
      { score: 0.3, passedScore: 0.96 },
    ),
  ],
  // In lower case a word can look like one: `required` would be a bank in Iran.
  validate: (value) => {
    if (!isValidBIC(value.toUpperCase())) return 'failed';
    return value === value.toUpperCase() ? 'passed' : 'unconfirmed';
  },
  matches: [
    ['BIC: DEUTDEFF', 'DEUTDEFF'],
    ['SWIFT code NEDSZAJJXXX', 'NEDSZAJJXXX'],
    ['"bic":"BNPAFRPP"', 'BNPAFRPP'],
  ],
  rejects: ['swift response', 'DEUTDEFF', 'BIC is unknown'],
};
