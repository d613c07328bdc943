import { RedactError } from './errors.js';
import type { Action, EntityType, Span } from './types.js';

export type ActionOf = (type: EntityType) => Action;

function assertSpans(text: string, spans: readonly Span[]): void {
  let end = 0;
  for (const span of spans) {
    if (span.start < end || span.end <= span.start || span.end > text.length) {
      const place = `[${String(span.start)}, ${String(span.end)})`;
      throw new RedactError(
        'SPANS_INVALID',
        `span ${place} overlaps, is out of order or out of range`,
      );
    }
    end = span.end;
  }
}

/**
 * The text with each span put out of it as its type's action says: `placeholder` and `drop-record`
 * write `[TYPE]`, `keep` leaves the text.
 * @throws RedactError SPANS_INVALID for spans that overlap, are out of order or out of range
 */
export function applySpans(text: string, spans: readonly Span[], actionOf: ActionOf): string {
  assertSpans(text, spans);
  const parts: string[] = [];
  let from = 0;
  for (const { start, end, type, quoted } of spans) {
    if (actionOf(type) === 'keep') continue;
    const placeholder = `[${type}]`;
    parts.push(text.slice(from, start), quoted === true ? `"${placeholder}"` : placeholder);
    from = end;
  }
  parts.push(text.slice(from));
  return parts.join('');
}
