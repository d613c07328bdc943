import type { ReviewItem, ReviewOverlay } from '../../schemas/index.js';
import type { SecretStream } from '../leak/index.js';

export type Planted = NonNullable<ReviewOverlay['items'][number]['planted']>;
type Shown = Pick<ReviewItem, 'shown' | 'spans'>;

// Used for planted misses and for nothing else: in no dataset, sample or canary.
const FIRST = [
  'Ottoline',
  'Barnaby',
  'Ingeborg',
  'Lysander',
  'Perpetua',
  'Casimir',
  'Thora',
  'Evander',
];
const LAST = ['Quillfeather', 'Marchbanks', 'Osterholm', 'Vanterpool', 'Ashgrove', 'Lindqvist-Roe'];
const PERSON = ['Ask for {}.', 'This was agreed with {}.', '{} has the details.'];
const PHONE = ['The direct line is {}.', 'Call back on {}.', 'Reach the office at {}.'];

const pick = <T>(stream: SecretStream, items: readonly T[]): T =>
  items[stream.nextBelow(items.length)] as T;

function digits(stream: SecretStream, count: number): string {
  return Array.from({ length: count }, () => String(stream.nextBelow(10))).join('');
}

/** A sentence with an invented value, and where the value lies in it. */
function inventSentence(stream: SecretStream, type: 'PERSON' | 'PHONE_NUMBER') {
  const value =
    type === 'PERSON'
      ? `${pick(stream, FIRST)} ${pick(stream, LAST)}`
      : `555-01${digits(stream, 2)}-${digits(stream, 4)}`;
  const form = pick(stream, type === 'PERSON' ? PERSON : PHONE);
  return { sentence: form.replace('{}', value), at: form.indexOf('{}'), length: value.length };
}

/** Ends of sentences and of the text, outside of placeholders. */
function placesIn(content: string, spans: readonly { start: number; end: number }[]): number[] {
  const ends = [...content.matchAll(/[.!?](?=\s)/gu)].map(({ index }) => index + 1);
  return [...ends, content.length].filter((place) =>
    spans.every(({ start, end }) => place <= start || place >= end),
  );
}

/**
 * Puts an invented person or phone number into a copy of what would be shown. The copy exists only
 * in the batch.
 */
export function plantMiss(
  { shown, spans }: Shown,
  type: 'PERSON' | 'PHONE_NUMBER',
  stream: SecretStream,
): Shown & { readonly planted: Planted } {
  const message = stream.nextBelow(shown.length);
  const { content } = shown[message] as Shown['shown'][number];
  const inMessage = spans.filter((span) => span.message === message);
  const insertedAt = pick(stream, placesIn(content, inMessage));
  const { sentence, at, length } = inventSentence(stream, type);
  const inserted = insertedAt === 0 ? sentence : ` ${sentence}`;
  const start = insertedAt + inserted.length - sentence.length + at;
  const shifted = spans.map((span) =>
    span.message === message && span.start >= insertedAt
      ? { ...span, start: span.start + inserted.length, end: span.end + inserted.length }
      : span,
  );
  const changed = content.slice(0, insertedAt) + inserted + content.slice(insertedAt);
  return {
    shown: shown.map((part, index) => (index === message ? { ...part, content: changed } : part)),
    spans: shifted,
    planted: {
      message,
      insertedAt,
      insertedLength: inserted.length,
      start,
      end: start + length,
      type,
    },
  };
}
