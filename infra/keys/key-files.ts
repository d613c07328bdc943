import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { chmod, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LineageError } from '../../domain/lineage/index.js';
import { flush, makeFolder, syncDirectory } from '../object-store/index.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** nonce | ciphertext | tag of AES-256-GCM under a random nonce. */
export function encrypt(key: Uint8Array, plaintext: Uint8Array, associated: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(associated, 'utf8'));
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** The plaintext, or undefined when key, bytes or associated data are not those of `encrypt`. */
export function decrypt(key: Uint8Array, sealed: Buffer, associated: string): Buffer | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(associated, 'utf8'));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const plaintext = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    decipher.final();
    return plaintext;
  } catch {
    return undefined;
  }
}

/** Makes a folder for keys, or takes away what others may do in an existing one. */
export async function makeKeyFolder(path: string): Promise<void> {
  await makeFolder(path);
  if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o700);
}

/**
 * The content of a key file; undefined when there is none. Read at once: it is some sixty bytes on a
 * local disk, and four calls to the pool of threads cost twenty times as much as reading them.
 * @throws LineageError KEY_UNAVAILABLE when others than its owner may read it
 */
export function readKeyFile(path: string): Buffer | undefined {
  const file = openIfPresent(path);
  if (file === undefined) return undefined;
  try {
    const { mode } = fstatSync(file);
    if ((mode & 0o077) === 0) return readFileSync(file);
    throw keyUnavailable(
      `The key file ${path} can be read by others (mode ${(mode & 0o777).toString(8)}). ` +
        'Treat the key as known, or, if that is not so, run chmod 600 on it.',
    );
  } finally {
    closeSync(file);
  }
}

function openIfPresent(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function isPresent(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * Writes a key under a random name, flushed together with its name. Nobody else takes that name, and
 * nobody asks for it before this returns: it needs no temporary file and no exclusive link. As when it
 * is read, only what waits for the disk goes to the pool of threads.
 */
export async function writeNewKey(path: string, bytes: Uint8Array): Promise<void> {
  const file = await openNew(path);
  try {
    writeFileSync(file, bytes);
    await flush(file);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  await syncDirectory(dirname(path));
}

async function openNew(path: string): Promise<number> {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await makeKeyFolder(dirname(path));
    return openSync(path, 'wx', 0o600);
  }
}

/** Overwrites a file's bytes with random ones, flushed. Copies in backups and in flash cells stay. */
export async function overwrite(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    await file.write(randomBytes(size), 0, size, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

export function keyUnavailable(message: string, cause?: unknown): LineageError {
  return new LineageError('KEY_UNAVAILABLE', message, { cause });
}
