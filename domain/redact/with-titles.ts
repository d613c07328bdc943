import type { Span } from './types.js';

const TITLE = /(?<![\p{L}\p{N}])(?:Dr|DR|Prof|PROF)s?\.?[ \t]{1,2}$/u;
const TITLE_CHARS = 8;

/**
 * Takes an academic title before a person's name into its span: `Dr. John Doe` is one thing to
 * remove. Strict annotations leave titles out, so this is done where a record is redacted.
 * @param spans in order, without overlap
 */
export function withTitles(text: string, spans: readonly Span[]): Span[] {
  return spans.map((span, at) => {
    if (span.type !== 'PERSON') return span;
    const from = Math.max(spans[at - 1]?.end ?? 0, span.start - TITLE_CHARS);
    const title = TITLE.exec(text.slice(from, span.start))?.[0].length ?? 0;
    return title === 0 ? span : { ...span, start: span.start - title };
  });
}
