import { isValidBIC } from 'ibantools';
import type { Recognizer } from '../types.js';
import { labelled } from './labelled.js';

/** ISO 9362: bank, country, place and, perhaps, branch. */
export const bicCode: Recognizer = {
  name: 'bic-code',
  type: 'BANK_CODE',
  patterns: [
    {
      name: 'after-cue',
      ...labelled(
        ['bic', 'swift', 'bic/swift', 'swift/bic', 'swift bic', 'bank identifier'],
        '[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?',
      ),
      score: 0.3,
      passedScore: 0.96,
    },
  ],
  validate: (value) => (isValidBIC(value.toUpperCase()) ? 'passed' : 'failed'),
  matches: [
    ['BIC: DEUTDEFF', 'DEUTDEFF'],
    ['SWIFT code NEDSZAJJXXX', 'NEDSZAJJXXX'],
    ['"bic":"BNPAFRPP"', 'BNPAFRPP'],
  ],
  rejects: ['swift response', 'DEUTDEFF', 'BIC is unknown'],
};
