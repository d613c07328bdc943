import { createHash } from 'node:crypto';
import canonicalizeModule from 'canonicalize';

/** `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = string;

const canonicalize = canonicalizeModule as unknown as (value: unknown) => string | undefined;

export const CHUNK_BYTES = 1024 * 1024;

export function sha256(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The canonical text of a JSON value (RFC 8785). Undefined members are dropped, as JSON does. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('only JSON values have a canonical form');
  return text;
}

export function canonicalBytes(value: unknown): Uint8Array {
  return Buffer.from(canonicalJson(value), 'utf8');
}

export function digestJson(value: unknown): Digest {
  return sha256(canonicalJson(value));
}

/** The hexadecimal part of a digest, for object keys. */
export function hexOf(digest: Digest): string {
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new TypeError('not a sha256 digest');
  return digest.slice(7);
}
