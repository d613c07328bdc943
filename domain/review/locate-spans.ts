import type { ReviewItem, SpanReport } from '../../schemas/index.js';

export type ShownSpan = ReviewItem['spans'][number];

export interface LocatedSpan {
  /** At the place of what stands for it in the redacted text. */
  readonly shown: ShownSpan;
  /** Where the value was, in the message's content before redaction. */
  readonly source: { readonly start: number; readonly end: number };
}

/** What stands for a value that a reviewer removes. */
export function placeholderOf(type: string): string {
  return `[${type}]`;
}

/** How a span was written, where that is no placeholder. */
function actionOf({ action }: SpanReport): Pick<ShownSpan, 'action'> {
  return action === 'placeholder' || action === 'keep' ? {} : { action };
}

/** A record's removed spans at the places of what stands for them, in order of place. */
export function locateSpans(spans: readonly SpanReport[]): LocatedSpan[] {
  return spans
    .filter(({ action }) => action !== 'keep')
    .sort((a, b) => a.message - b.message || a.start - b.start)
    .map((span) => {
      const { message, written, type, score, recognizer, uncertain } = span;
      const shown = { message, ...written, type, score, recognizer, uncertain, ...actionOf(span) };
      return { shown, source: { start: span.start, end: span.end } };
    });
}
