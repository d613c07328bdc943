import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { canonicalJson } from '../lineage/digest.js';

const KEY_BYTES = 32;

function assertKey(key: Uint8Array): void {
  if (key.length !== KEY_BYTES) throw new TypeError(`a dataset key is ${String(KEY_BYTES)} bytes`);
}

/** First 8 hexadecimal digits of the key's SHA-256: names the key, tells nothing of it. */
export function keyIdOf(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}

/** The dataset's key for subject ids: HKDF-SHA256 (RFC 5869), so that one stored key serves both. */
export function deriveSubjectKey(datasetKey: Uint8Array): Uint8Array {
  assertKey(datasetKey);
  return new Uint8Array(hkdfSync('sha256', datasetKey, '', 'custos subject id v1', KEY_BYTES));
}

/** The dataset's key for pseudonyms and numbers of what is removed, derived as the one for subjects. */
export function derivePseudonymKey(datasetKey: Uint8Array): Uint8Array {
  assertKey(datasetKey);
  return new Uint8Array(hkdfSync('sha256', datasetKey, '', 'custos pseudonym v1', KEY_BYTES));
}

const keyIds = new WeakMap<Uint8Array, string>();

/** As {@link keyIdOf}, once for each key. */
function knownKeyId(key: Uint8Array): string {
  const known = keyIds.get(key) ?? keyIdOf(key);
  keyIds.set(key, known);
  return known;
}

/** `keyId:HMAC-SHA256(key, parts joined by NUL)`, hexadecimal. Only the last part may hold a NUL. */
function keyedId(key: Uint8Array, parts: readonly string[]): string {
  assertKey(key);
  return `${knownKeyId(key)}:${createHmac('sha256', key).update(parts.join('\0')).digest('hex')}`;
}

/** Id of a record with a primary key; the same in every re-ingest, whatever the file's path or order. */
export function recordIdByKey(datasetKey: Uint8Array, source: string, primaryKey: string): string {
  return keyedId(datasetKey, ['key', source, primaryKey]);
}

/** Id of a record without a primary key: its canonical content and its ordinal among equals. */
export function recordIdByContent(
  datasetKey: Uint8Array,
  source: string,
  content: unknown,
  ordinal: number,
): string {
  return keyedId(datasetKey, ['content', source, String(ordinal), canonicalJson(content)]);
}

/** Keyed pseudonym of a person. The same subject in two sources of a dataset is one subject. */
export function subjectIdOf(subjectKey: Uint8Array, subject: string): string {
  return keyedId(subjectKey, ['subject', subject]);
}
