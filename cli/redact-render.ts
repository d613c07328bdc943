import { codePointOffsets } from '../domain/redact/index.js';
import type { PlainOutcome } from '../infra/redaction/index.js';
import type { SpanReport } from '../schemas/index.js';
import { csvRow, type RedactFormatName, type RedactItem } from './redact-input.js';
import type { VaultItem } from './redact-vault.js';
import { edited } from './text-edits.js';

export type OffsetUnit = 'utf16' | 'codepoint';

export interface RenderOptions {
  readonly format: RedactFormatName;
  readonly offsets: OffsetUnit;
  readonly spans?: boolean;
  /** JSON lines whatever the format. */
  readonly json: boolean;
}

/** Spans of an item as a reader counts them. */
function described({ texts }: RedactItem, spans: readonly SpanReport[], unit: OffsetUnit) {
  const placesOf = (message: number): ReadonlyMap<number, number> | undefined => {
    if (unit === 'utf16') return undefined;
    const own = spans.filter((span) => span.message === message);
    return codePointOffsets(
      texts[message] ?? '',
      own.flatMap(({ start, end }) => [start, end]),
    );
  };
  const places = texts.map((_, message) => placesOf(message));
  return spans.map(({ start, end, message, type, score, recognizer }) => ({
    start: places[message]?.get(start) ?? start,
    end: places[message]?.get(end) ?? end,
    type,
    score,
    recognizer,
  }));
}

/** One item as it is written; a record that the policy drops leaves no text. */
export function renderItem(
  item: RedactItem,
  { texts, spans }: PlainOutcome,
  { format, offsets, spans: withSpans, json }: RenderOptions,
): string {
  if (item.kind === 'filler') return '';
  if (format === 'csv' && !json) return texts === undefined ? '' : csvRow(texts, item.delimiter);
  if (format === 'text' && !json) return texts?.[0] ?? '';
  const found = withSpans === true ? { spans: described(item, spans, offsets) } : {};
  const text = format === 'csv' ? (texts ?? null) : (texts?.[0] ?? null);
  return `${JSON.stringify({ text, ...found })}\n`;
}

/** Why each span was found: a JSON line a span, without the value. */
export function reportOf(item: RedactItem, spans: readonly SpanReport[], unit: OffsetUnit): string {
  const places = described(item, spans, unit);
  const lines = spans.map(({ explanation, action, uncertain, message }, at) => {
    const where = { row: item.row, ...(item.texts.length > 1 ? { cell: message + 1 } : {}) };
    return `${JSON.stringify({ ...where, ...places[at], explanation, action, uncertain })}\n`;
  });
  return lines.join('');
}

/** What turns an item as it was written into the input again. */
export function restoring(item: RedactItem, { spans }: PlainOutcome, written: string): VaultItem {
  const { raw } = item;
  const edits = spans
    .filter(({ action }) => action !== 'keep')
    .map(({ start, end, quoted, written: place }) => {
      // The quotes around what stands for a number of JSON go with it.
      const quote = quoted === true && written.charAt(place.start - 1) === '"' ? 1 : 0;
      return [place.start - quote, place.end + quote, raw.slice(start, end)] as const;
    });
  if (edited(written, edits) === raw) return { written, edits };
  let [head, tail] = [0, 0];
  const most = Math.min(raw.length, written.length);
  while (head < most && raw.charCodeAt(head) === written.charCodeAt(head)) head += 1;
  const left = most - head;
  while (tail < left && raw.at(-1 - tail) === written.at(-1 - tail)) tail += 1;
  const middle = raw.slice(head, raw.length - tail);
  return { written, edits: [[head, written.length - tail, middle]] };
}
