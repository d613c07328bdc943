import { findContext } from './find-context.js';
import type { Pattern, Recognizer, Span, ValidatorResult } from './types.js';

const CEILING = 0.99;

function scoreOf(
  { score, passedScore }: Pattern,
  validator: ValidatorResult,
  recognizer: Recognizer,
  near: { readonly context: readonly string[]; readonly against: boolean },
): number {
  const base = validator === 'passed' ? (passedScore ?? score) : score;
  const boost = near.context.length > 0 ? (recognizer.context?.boost ?? 0) : 0;
  const penalty = near.against ? (recognizer.context?.penalty ?? 0) : 0;
  const sum = Math.min(CEILING, Math.max(0, base + boost - penalty));
  return Math.round(sum * 100) / 100;
}

function toSpan(
  recognizer: Recognizer,
  pattern: Pattern,
  match: RegExpExecArray,
  text: string,
): Span | undefined {
  const whole = match.groups?.['value'] ?? match[0];
  const start = match.index + match[0].length - whole.length;
  const value = recognizer.trim === undefined ? whole : recognizer.trim(whole);
  if (value === '') return undefined;
  const verdict = recognizer.validate === undefined ? 'none' : recognizer.validate(value);
  if (verdict === 'failed') return undefined;
  const end = start + value.length;
  const near = findContext(recognizer.context, text, start, end);
  if (pattern.needsContext === true && near.context.length === 0) return undefined;
  return {
    start,
    end,
    type: recognizer.type,
    score: scoreOf(pattern, verdict, recognizer, near),
    recognizer: recognizer.name,
    explanation: { pattern: pattern.name, validator: verdict, context: near.context },
  };
}

/** Every candidate of a recognizer; several patterns may report the same place. */
export function matchRecognizer(recognizer: Recognizer, text: string): Span[] {
  return recognizer.patterns.flatMap((pattern) =>
    [...text.matchAll(pattern.regex)]
      .map((match) => toSpan(recognizer, pattern, match, text))
      .filter((span) => span !== undefined),
  );
}
