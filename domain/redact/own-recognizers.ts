import { findFormatFaults, takesValue, type OwnRecognizer } from '../../policies/index.js';
import { asEntityType } from './create-redactor.js';
import { RedactError } from './errors.js';
import { besideLabel } from './recognizers/labelled.js';
import type { Pattern, Recognizer } from './types.js';

const SCORE = 0.9;

function patternsOf({ format, labels, score = SCORE }: OwnRecognizer): readonly Pattern[] {
  if (labels !== undefined) return besideLabel(labels, format, { score });
  const regex = new RegExp(
    String.raw`(?<![\p{L}\p{N}_-])(?:${format})(?![\p{L}\p{N}_]|-[\p{L}\p{N}])`,
    'gu',
  );
  return [{ name: 'format', regex, score }];
}

/**
 * Recognizers of formats that a policy or a caller names. A policy's were checked with its documents
 * and lines when it was resolved.
 * @throws RedactError ENTITY_UNKNOWN; RECOGNIZER_INVALID with the pointer of what is wrong
 */
export function ownRecognizers(own: readonly OwnRecognizer[] = []): readonly Recognizer[] {
  const [fault] = findFormatFaults(own);
  if (fault !== undefined) {
    const { pointer, expected } = fault;
    throw new RedactError('RECOGNIZER_INVALID', `recognizers${pointer} has to be ${expected}`);
  }
  return own.map((one) => ({
    name: one.name,
    type: asEntityType(one.type),
    patterns: patternsOf(one),
    validate: (value) => (takesValue(one, value) ? 'passed' : 'failed'),
    matches: one.matches.map((value) => [value, value]),
    rejects: one.rejects,
  }));
}
