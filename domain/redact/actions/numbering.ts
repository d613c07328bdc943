import { createHmac } from 'node:crypto';
import type { EntityType } from '../types.js';

/** Crockford's alphabet: no I, L, O and U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LABEL_CHARS = 12;

/** Counts the values of each type of a record from 1, in the order in which they are asked for. */
export function recordNumbers(): (type: EntityType, canonical: string) => string {
  const byType = new Map<EntityType, Map<string, number>>();
  return (type, canonical) => {
    const numbers = byType.get(type) ?? new Map<string, number>();
    byType.set(type, numbers);
    const number = numbers.get(canonical) ?? numbers.size + 1;
    numbers.set(canonical, number);
    return String(number);
  };
}

/**
 * Twelve characters, 60 bits of an HMAC-SHA256 of type and value: the same in every shard without a
 * pass over the dataset, which a count would need, so that a new shard changes no other. Among a
 * million values of a dataset two share a label once in two million datasets (n^2 / 2^61).
 */
export function datasetLabel(key: Uint8Array, type: EntityType, canonical: string): string {
  const bytes = createHmac('sha256', key).update(`label\0${type}\0${canonical}`).digest();
  let bits = bytes.readBigUInt64BE(0);
  let label = '';
  while (label.length < LABEL_CHARS) {
    label += ALPHABET[Number(bits & 31n)] ?? '';
    bits >>= 5n;
  }
  return label;
}
