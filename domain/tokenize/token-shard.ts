import { TokenizeError } from './errors.js';

/** One record as the model reads it. */
export interface TokenSequence {
  readonly recordId: string;
  readonly ids: Int32Array;
  /** 1 where the token is learned. */
  readonly lossMask: Uint8Array;
  readonly heldOut: boolean;
  readonly subjectId?: string;
}

const MAGIC = Buffer.from('CUSTOK1\n', 'latin1');
const HELD_OUT = 1;
const HAS_SUBJECT = 2;

function encodeSequence(sequence: TokenSequence): Buffer {
  const { ids, lossMask, recordId, subjectId, heldOut } = sequence;
  if (lossMask.length !== ids.length) {
    throw new TokenizeError('TOKENS_INVALID', `record ${recordId}: mask and ids differ in length`);
  }
  const names = [recordId, ...(subjectId === undefined ? [] : [subjectId])].map((name) =>
    Buffer.from(name, 'latin1'),
  );
  const named = names.reduce((sum, name) => sum + 2 + name.length, 0);
  const out = Buffer.alloc(1 + named + 4 + 4 * ids.length + Math.ceil(ids.length / 8));
  let at = out.writeUInt8((heldOut ? HELD_OUT : 0) | (subjectId === undefined ? 0 : HAS_SUBJECT));
  for (const name of names) {
    at = out.writeUInt16LE(name.length, at);
    at += name.copy(out, at);
  }
  at = out.writeUInt32LE(ids.length, at);
  for (const id of ids) at = out.writeInt32LE(id, at);
  lossMask.forEach((learned, index) => {
    if (learned !== 0) out[at + (index >> 3)] = (out[at + (index >> 3)] ?? 0) | (1 << (index & 7));
  });
  return out;
}

/**
 * Bytes of token sequences in their order, equal for equal sequences: magic, count (uint32), then
 * each: flags, record id, subject id if any (uint16 length and Latin-1), token count (uint32), ids
 * (int32), loss mask (bits, lowest first). Little-endian.
 * @throws TokenizeError TOKENS_INVALID when a mask has another length than its ids
 */
export function encodeTokenShard(sequences: readonly TokenSequence[]): Uint8Array {
  const count = Buffer.alloc(4);
  count.writeUInt32LE(sequences.length);
  return Buffer.concat([MAGIC, count, ...sequences.map(encodeSequence)]);
}

/** Reads forward through a buffer; everything past its end is an error with the offset. */
function createReader(input: Buffer) {
  let at = 0;
  const take = (length: number): Buffer => {
    if (at + length > input.length) {
      throw new TokenizeError(
        'TOKENS_INVALID',
        `the token shard ends early, at byte ${String(at)}`,
      );
    }
    at += length;
    return input.subarray(at - length, at);
  };
  return {
    take,
    uint8: () => take(1).readUInt8(),
    uint32: () => take(4).readUInt32LE(),
    name: () => take(take(2).readUInt16LE()).toString('latin1'),
    atEnd: () => at === input.length,
  };
}

function readSequence(reader: ReturnType<typeof createReader>): TokenSequence {
  const flags = reader.uint8();
  if ((flags & ~(HELD_OUT | HAS_SUBJECT)) !== 0) {
    throw new TokenizeError('TOKENS_INVALID', `unknown flags ${String(flags)} in a token shard`);
  }
  const recordId = reader.name();
  const subject = (flags & HAS_SUBJECT) === 0 ? {} : { subjectId: reader.name() };
  const length = reader.uint32();
  const idBytes = reader.take(4 * length);
  const ids = Int32Array.from({ length }, (_, index) => idBytes.readInt32LE(4 * index));
  const bits = reader.take(Math.ceil(length / 8));
  const lossMask = Uint8Array.from(
    { length },
    (_, index) => ((bits[index >> 3] ?? 0) >> (index & 7)) & 1,
  );
  return { recordId, ids, lossMask, heldOut: (flags & HELD_OUT) !== 0, ...subject };
}

/** @throws TokenizeError TOKENS_INVALID when the bytes are not exactly one encoding */
export function decodeTokenShard(bytes: Uint8Array): TokenSequence[] {
  const reader = createReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (!reader.take(MAGIC.length).equals(MAGIC)) {
    throw new TokenizeError('TOKENS_INVALID', 'these bytes are no token shard (offset 0)');
  }
  const count = reader.uint32();
  const sequences: TokenSequence[] = [];
  while (sequences.length < count) sequences.push(readSequence(reader));
  if (!reader.atEnd()) {
    throw new TokenizeError('TOKENS_INVALID', 'there are bytes after the last token sequence');
  }
  return sequences;
}
