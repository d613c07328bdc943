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

/**
 * The span of a match, unless the validator or missing context words speak against it.
 * @param at where the match begins in `text`; `match.index` may count from elsewhere
 */
export function toSpan(
  { recognizer, pattern }: { readonly recognizer: Recognizer; readonly pattern: Pattern },
  text: string,
  match: RegExpExecArray,
  at: number,
): Span | undefined {
  const { lead = '', value: own = match[0] } = match.groups ?? {};
  const whole = lead + own;
  const start = at + match[0].length - whole.length;
  const value = recognizer.trim === undefined ? whole : recognizer.trim(whole);
  if (value === '') return undefined;
  const end = start + value.length;
  // Words are looked for last where they are no condition: most of what is no value fails its check.
  const early =
    pattern.needsContext === true ? findContext(recognizer.context, text, start, end) : undefined;
  if (early?.context.length === 0) return undefined;
  const verdict = recognizer.validate === undefined ? 'none' : recognizer.validate(value);
  if (verdict === 'failed') return undefined;
  const near = early ?? findContext(recognizer.context, text, start, end);
  return {
    start,
    end,
    type: recognizer.type,
    score: scoreOf(pattern, verdict, recognizer, near),
    recognizer: recognizer.name,
    explanation: { pattern: pattern.name, validator: verdict, context: near.context },
  };
}

/** Every candidate of a recognizer's searches by searching the whole text: what the compiled search has to find. */
export function matchRecognizer(recognizer: Recognizer, text: string): Span[] {
  return recognizer.patterns.flatMap((pattern) =>
    'labels' in pattern
      ? []
      : [...text.matchAll(pattern.regex)]
          .map((match) => toSpan({ recognizer, pattern }, text, match, match.index))
          .filter((span) => span !== undefined),
  );
}
