import type { Policy, RedactVaultEntry, TrainingRecord } from '../../schemas/index.js';
import { recordDigest } from './build-batch.js';
import { ReviewError } from './errors.js';
import { placeholderOf } from './locate-spans.js';
import type { Place, RecordDecisions, RemovedPlace } from './record-decisions.js';

export interface ApplyOptions {
  /** A removed value by its place before redaction; undefined when the vault does not have it. */
  readonly lookup: (place: Omit<RedactVaultEntry, 'value'>) => string | undefined;
  /** Actions by entity type; an added span of a type with drop-record drops its record. */
  readonly entities: Policy['redact']['entities'];
}

export interface AppliedRecord {
  /** Undefined when the record is dropped. */
  readonly record: TrainingRecord | undefined;
  /** Values that the reviewer had removed, for the vault. */
  readonly removed: readonly RedactVaultEntry[];
  readonly restored: number;
}

interface Edit extends Place {
  readonly text: string;
}

/** Where an offset of the redacted content lay before redaction. */
function sourceOffset(offset: number, message: number, removed: readonly RemovedPlace[]): number {
  let moved = offset;
  for (const place of removed) {
    if (place.message !== message || place.end > offset) continue;
    moved += place.source.end - place.source.start - (place.end - place.start);
  }
  return moved;
}

function edited(content: string, edits: readonly Edit[]): string {
  let text = content;
  for (const { start, end, text: put } of [...edits].sort((a, b) => b.start - a.start)) {
    text = text.slice(0, start) + put + text.slice(end);
  }
  return text;
}

/** Added spans that lie over each other (found in two showings of a record) become one. */
function merged(places: readonly Place[]): Place[] {
  const result: Place[] = [];
  const ordered = [...places].sort((a, b) => a.message - b.message || a.start - b.start);
  for (const place of ordered) {
    const last = result.at(-1);
    if (last?.message === place.message && place.start < last.end) {
      result[result.length - 1] = { ...last, end: Math.max(last.end, place.end) };
    } else result.push(place);
  }
  return result;
}

/**
 * A reviewed record: added spans become placeholders, wrong ones get their value back, a rejected
 * record is dropped. Records that were not shown pass unchanged (`decisions` undefined).
 * @throws ReviewError RECORD_CHANGED when the record is not the one reviewed, VALUE_MISSING when the
 * vault cannot give a value back
 */
export function applyDecisions(
  record: TrainingRecord,
  decisions: RecordDecisions | undefined,
  { lookup, entities }: ApplyOptions,
): AppliedRecord {
  if (decisions === undefined) return { record, removed: [], restored: 0 };
  if (recordDigest(record) !== decisions.recordDigest) {
    throw new ReviewError('RECORD_CHANGED', `record ${record.id} changed after its review`);
  }
  const { wrong, removed: places } = decisions;
  const added = merged(decisions.added);
  const removed = added.map(({ message, start, end, type }): RedactVaultEntry => ({
    recordId: record.id,
    message,
    start: sourceOffset(start, message, places),
    end: sourceOffset(end, message, places),
    type,
    value: record.messages[message]?.content.slice(start, end) ?? '',
  }));
  if (decisions.rejected || added.some(({ type }) => entities[type] === 'drop-record')) {
    return { record: undefined, removed, restored: 0 };
  }
  const restored = wrong.map(({ source, ...place }): Edit => {
    const { message, type } = place;
    const text = lookup({ recordId: record.id, message, type, ...source });
    if (text !== undefined) return { ...place, text };
    throw new ReviewError(
      'VALUE_MISSING',
      `the vault has no value for record ${record.id}, message ${String(message)}, offset ${String(source.start)}`,
    );
  });
  const edits = [
    ...added.map((place) => ({ ...place, text: placeholderOf(place.type) })),
    ...restored,
  ];
  const messages = record.messages.map((message, index) => ({
    ...message,
    content: edited(
      message.content,
      edits.filter((edit) => edit.message === index),
    ),
  }));
  return { record: { ...record, messages }, removed, restored: restored.length };
}
