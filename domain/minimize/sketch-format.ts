import { MinimizeError } from './errors.js';
import { SKETCH_BITS_WORDS, type Bands, type Facts, type Signatures } from './sketch.js';

const MAGIC_BYTES = 8;
const HEADER_BYTES = MAGIC_BYTES + 16;
const FACT_BYTES = 32 + 32 + 4 + 4 * SKETCH_BITS_WORDS;

const KINDS = { facts: 'CUSTSF1\n', bands: 'CUSTSB1\n', signatures: 'CUSTSS1\n' } as const;
type Kind = keyof typeof KINDS;

/** Magic; record count and columns (uint32); eight bytes that only facts use; then `body`. */
function encode(
  kind: Kind,
  count: number,
  columns: number,
  keyId: string,
  body: readonly ArrayBufferView[],
): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(KINDS[kind], 'latin1');
  header.writeUInt32LE(count, MAGIC_BYTES);
  header.writeUInt32LE(columns, MAGIC_BYTES + 4);
  header.write(keyId, MAGIC_BYTES + 8, 'latin1');
  const parts = body.map((view) => Buffer.from(view.buffer, view.byteOffset, view.byteLength));
  return Buffer.concat([header, ...parts]);
}

interface Opened {
  readonly count: number;
  readonly columns: number;
  readonly keyId: string;
  /** The next `bytes` of the body, copied, so that typed arrays over them are aligned. */
  readonly take: (bytes: number) => ArrayBuffer;
}

function open(
  kind: Kind,
  bytes: Uint8Array,
  bodyBytes: (count: number, columns: number) => number,
) {
  const input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const known = input.length >= HEADER_BYTES && input.toString('latin1', 0, 8) === KINDS[kind];
  if (!known) throw new MinimizeError('SKETCH_INVALID', `these bytes are no ${kind} (offset 0)`);
  const count = input.readUInt32LE(MAGIC_BYTES);
  const columns = input.readUInt32LE(MAGIC_BYTES + 4);
  if (input.length !== HEADER_BYTES + bodyBytes(count, columns)) {
    throw new MinimizeError('SKETCH_INVALID', `${kind} of ${String(count)} records are cut short`);
  }
  let at = HEADER_BYTES;
  const opened: Opened = {
    count,
    columns,
    keyId: input.toString('latin1', MAGIC_BYTES + 8, HEADER_BYTES),
    take: (size) => {
      const copy = new ArrayBuffer(size);
      new Uint8Array(copy).set(input.subarray(at, at + size));
      at += size;
      return copy;
    },
  };
  return opened;
}

/** Ids, digests of normalized texts, lengths and one-bit sketches, column after column, little-endian. */
export function encodeFacts({ keyId, ids, digests, chars, bits }: Facts): Uint8Array {
  return encode('facts', chars.length, SKETCH_BITS_WORDS, keyId, [ids, digests, chars, bits]);
}

/** How many records facts of so many bytes are about. */
export function countOfFacts(sizeBytes: number): number {
  return (sizeBytes - HEADER_BYTES) / FACT_BYTES;
}

/** @throws MinimizeError SKETCH_INVALID when the bytes are not exactly one encoding */
export function decodeFacts(bytes: Uint8Array): Facts {
  const { count, keyId, take } = open('facts', bytes, (records) => records * FACT_BYTES);
  return {
    keyId,
    ids: new Uint8Array(take(32 * count)),
    digests: new Uint8Array(take(32 * count)),
    chars: new Uint32Array(take(4 * count)),
    bits: new Uint32Array(take(4 * SKETCH_BITS_WORDS * count)),
  };
}

/** Keys of the bands, band after band: uint32 little-endian. */
export function encodeBands({ count, keys }: Bands): Uint8Array {
  return encode('bands', count, count === 0 ? 0 : keys.length / count, '', [keys]);
}

/** @throws MinimizeError SKETCH_INVALID */
export function decodeBands(bytes: Uint8Array): Bands {
  const { count, columns, take } = open('bands', bytes, (records, bands) => 4 * records * bands);
  return { count, keys: new Uint32Array(take(4 * count * columns)) };
}

/** Signatures, row after row: uint16 little-endian. */
export function encodeSignatures({ permutations, entries }: Signatures): Uint8Array {
  const count = permutations === 0 ? 0 : entries.length / permutations;
  return encode('signatures', count, permutations, '', [entries]);
}

/** @throws MinimizeError SKETCH_INVALID */
export function decodeSignatures(bytes: Uint8Array): Signatures {
  const opened = open('signatures', bytes, (records, columns) => 2 * records * columns);
  const { count, columns, take } = opened;
  return { permutations: columns, entries: new Uint16Array(take(2 * count * columns)) };
}
