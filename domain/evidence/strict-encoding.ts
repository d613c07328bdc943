import { canonicalBytes } from '../lineage/digest.js';
import { LineageError } from '../lineage/errors.js';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Decodes base64 only from its canonical form. Lenient decoders ignore stray characters and bits,
 * so that a changed byte would go unnoticed.
 * @throws LineageError EVIDENCE_INVALID
 */
export function decodeBase64(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') === text) return bytes;
  throw new LineageError('EVIDENCE_INVALID', `${what} is not canonical base64`);
}

/**
 * Parses JSON without forwarding the parser's message, which may quote the text.
 * @throws LineageError EVIDENCE_INVALID
 */
export function parseJson(bytes: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(UTF8.decode(bytes)) as unknown;
  } catch {
    throw new LineageError('EVIDENCE_INVALID', `${where} is not JSON in UTF-8`);
  }
}

/**
 * Parses JSON that must be in its canonical form (RFC 8785), so that a value has one spelling.
 * @throws LineageError EVIDENCE_INVALID
 */
export function parseCanonical(bytes: Uint8Array, where: string): unknown {
  const value = parseJson(bytes, where);
  if (Buffer.compare(canonicalBytes(value), bytes) === 0) return value;
  throw new LineageError('EVIDENCE_INVALID', `${where} is not in canonical form (RFC 8785)`);
}
