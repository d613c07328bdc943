import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { VaultFileError } from './errors.js';

const MAGIC = Buffer.from('custos-redaction-vault-1\n', 'ascii');
const KEY_BYTES = 32;
const SALT_BYTES = 32;
const CHECK_BYTES = 16;
const LENGTH_BYTES = 4;
const TAG_BYTES = 16;
const MAX_FRAME_BYTES = 1 << 30;
const HEADER_BYTES = MAGIC.length + SALT_BYTES + CHECK_BYTES;

const checkOf = (key: Uint8Array, salt: Uint8Array): Buffer =>
  createHmac('sha256', key)
    .update('custos vault check v1')
    .update(salt)
    .digest()
    .subarray(0, CHECK_BYTES);

/** A key for one file: nonces may be counted from 0, because no other file has this key. */
const fileKeyOf = (key: Uint8Array, salt: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key, salt, 'custos vault file v1', KEY_BYTES));

/** The frame's number and whether it is the last, so that none can be dropped, moved or cut off. */
function nonceOf(frame: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(frame, 7);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** Seals pieces of a file that is written as it goes on. */
export interface VaultSealer {
  readonly header: Buffer;
  /** One frame; the last one says so, and closes the file. */
  seal(plaintext: Uint8Array, isLast: boolean): Buffer;
}

/**
 * A file of frames, each sealed by AES-256-GCM after the STREAM construction (Hoang, Reyhanitabar,
 * Rogaway and Vizár 2015). Unlike a stored artifact it is written before anybody knows its length,
 * by somebody who may have no store.
 * @param key 32 bytes
 */
export function createVaultSealer(key: Uint8Array): VaultSealer {
  const salt = randomBytes(SALT_BYTES);
  const header = Buffer.concat([MAGIC, salt, checkOf(key, salt)]);
  const fileKey = fileKeyOf(key, salt);
  let frame = 0;
  return {
    header,
    seal(plaintext, isLast) {
      const cipher = createCipheriv('aes-256-gcm', fileKey, nonceOf(frame++, isLast));
      cipher.setAAD(header);
      const sealed = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32BE(sealed.length);
      return Buffer.concat([length, sealed]);
    },
  };
}

const altered = (): VaultFileError =>
  new VaultFileError('VAULT_ALTERED', 'the vault was altered or cut off; restore it from a copy');

/** Reads exactly so many bytes at a time from chunks; fewer at the end. */
function byteReader(chunks: AsyncIterable<Uint8Array>) {
  const iterator = chunks[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  return async (count: number): Promise<Buffer> => {
    const parts = [held];
    let size = held.length;
    while (size < count) {
      const next = await iterator.next();
      if (next.done === true) break;
      parts.push(Buffer.from(next.value));
      size += next.value.length;
    }
    const all = Buffer.concat(parts);
    held = all.subarray(count);
    return all.subarray(0, count);
  };
}

/** A frame with either flag; undefined when it is neither. */
function openFrame(
  fileKey: Uint8Array,
  header: Buffer,
  sealed: Buffer,
  frame: number,
): { readonly plaintext: Buffer; readonly isLast: boolean } | undefined {
  for (const isLast of [false, true]) {
    const decipher = createDecipheriv('aes-256-gcm', fileKey, nonceOf(frame, isLast), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(header);
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const plaintext = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
    try {
      decipher.final();
      return { plaintext, isLast };
    } catch {
      // Not with this flag.
    }
  }
  return undefined;
}

/**
 * The frames of a vault file. None is given out before it was authenticated, and the end only if
 * the last frame was the last one written.
 * @throws VaultFileError VAULT_KEY_WRONG, VAULT_ALTERED
 */
export async function* openVaultFrames(
  key: Uint8Array,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  const read = byteReader(chunks);
  const header = await read(HEADER_BYTES);
  if (!header.subarray(0, MAGIC.length).equals(MAGIC) || header.length < HEADER_BYTES) {
    throw new VaultFileError('VAULT_ALTERED', 'this is not a vault of custos redact');
  }
  const salt = header.subarray(MAGIC.length, MAGIC.length + SALT_BYTES);
  if (!checkOf(key, salt).equals(header.subarray(MAGIC.length + SALT_BYTES))) {
    throw new VaultFileError('VAULT_KEY_WRONG', 'the vault was sealed under another key');
  }
  const fileKey = fileKeyOf(key, salt);
  for (let frame = 0; ; frame += 1) {
    const length = await read(LENGTH_BYTES);
    const size = length.length < LENGTH_BYTES ? 0 : length.readUInt32BE();
    if (size < TAG_BYTES || size > MAX_FRAME_BYTES) throw altered();
    const sealed = await read(size);
    const opened = sealed.length < size ? undefined : openFrame(fileKey, header, sealed, frame);
    if (opened === undefined) throw altered();
    yield opened.plaintext;
    if (!opened.isLast) continue;
    if ((await read(1)).length > 0) throw altered();
    return;
  }
}
