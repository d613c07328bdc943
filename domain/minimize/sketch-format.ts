import { MinimizeError } from './errors.js';
import type { Sketches } from './sketch.js';

const MAGIC = Buffer.from('CUSTSK1\n', 'latin1');
const HEADER_BYTES = MAGIC.length + 12;

/**
 * Bytes of a shard's sketches: magic; record count, permutations and length of the ids (uint32);
 * ids joined by line feeds; digests; chars; signatures. Little-endian.
 */
export function encodeSketches(sketches: Sketches): Uint8Array {
  const ids = Buffer.from(sketches.ids.join('\n'), 'utf8');
  const { digests, chars, signatures } = sketches;
  const out = Buffer.alloc(
    HEADER_BYTES + ids.length + digests.length + 4 * (chars.length + signatures.length),
  );
  MAGIC.copy(out);
  out.writeUInt32LE(sketches.ids.length, 8);
  out.writeUInt32LE(sketches.permutations, 12);
  out.writeUInt32LE(ids.length, 16);
  ids.copy(out, HEADER_BYTES);
  out.set(digests, HEADER_BYTES + ids.length);
  let at = HEADER_BYTES + ids.length + digests.length;
  for (const column of [chars, signatures]) {
    for (const value of column) at = out.writeUInt32LE(value, at);
  }
  return out;
}

/** @throws MinimizeError SKETCH_INVALID when the bytes are not exactly one encoding */
export function decodeSketches(bytes: Uint8Array): Sketches {
  const input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (input.length < HEADER_BYTES || !input.subarray(0, 8).equals(MAGIC)) {
    throw new MinimizeError('SKETCH_INVALID', 'these bytes are not sketches (offset 0)');
  }
  const count = input.readUInt32LE(8);
  const permutations = input.readUInt32LE(12);
  const idBytes = input.readUInt32LE(16);
  const digestsAt = HEADER_BYTES + idBytes;
  const charsAt = digestsAt + 32 * count;
  const signaturesAt = charsAt + 4 * count;
  if (input.length !== signaturesAt + 4 * count * permutations) {
    throw new MinimizeError('SKETCH_INVALID', `sketches of ${String(count)} records are cut short`);
  }
  const idText = input.toString('utf8', HEADER_BYTES, digestsAt);
  const ids = idText === '' ? [] : idText.split('\n');
  if (ids.length !== count) {
    throw new MinimizeError(
      'SKETCH_INVALID',
      `${String(count)} records, ${String(ids.length)} ids`,
    );
  }
  return {
    permutations,
    ids,
    digests: Uint8Array.from(input.subarray(digestsAt, charsAt)),
    chars: readWords(input, charsAt, count),
    signatures: readWords(input, signaturesAt, count * permutations),
  };
}

function readWords(input: Buffer, at: number, count: number): Uint32Array {
  const words = new Uint32Array(count);
  for (let index = 0; index < count; index++) words[index] = input.readUInt32LE(at + 4 * index);
  return words;
}
