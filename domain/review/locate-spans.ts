import type { ReviewItem, SpanReport } from '../../schemas/index.js';

export type ShownSpan = ReviewItem['spans'][number];

export interface LocatedSpan {
  /** At its placeholder in the redacted text. */
  readonly shown: ShownSpan;
  /** Where the value was, in the message's content before redaction. */
  readonly source: { readonly start: number; readonly end: number };
}

/** What stands for a removed value. */
export function placeholderOf(type: string): string {
  return `[${type}]`;
}

/** A record's removed spans at the places of their placeholders, in order of place. */
export function locateSpans(spans: readonly SpanReport[]): LocatedSpan[] {
  const removed = spans
    .filter(({ action }) => action !== 'keep')
    .sort((a, b) => a.message - b.message || a.start - b.start);
  let message = -1;
  let shift = 0;
  return removed.map((span) => {
    if (span.message !== message) {
      message = span.message;
      shift = 0;
    }
    const quote = span.quoted === true ? 1 : 0;
    const start = span.start + shift + quote;
    const end = start + placeholderOf(span.type).length;
    shift = end + quote - span.end;
    const { type, score, recognizer, uncertain } = span;
    return {
      shown: { message, start, end, type, score, recognizer, uncertain },
      source: { start: span.start, end: span.end },
    };
  });
}
