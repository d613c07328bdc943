import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { createDurably } from '../object-store/index.js';
import { keyUnavailable, readKeyFile } from './key-files.js';

const KEY_BYTES = 32;
const LINE = /^[0-9a-f]{64}\n?$/;

/**
 * The 32 bytes of a key file: 64 hexadecimal digits on a line.
 * @throws LineageError KEY_UNAVAILABLE when it is missing, readable by others or no key
 */
export function readSecretFile(path: string): Uint8Array {
  const content = readKeyFile(path);
  if (content === undefined) throw keyUnavailable(`There is no key file ${path}; check the path.`);
  const text = content.toString('latin1');
  if (LINE.test(text)) return new Uint8Array(Buffer.from(text.trim(), 'hex'));
  throw keyUnavailable(
    `The key file ${path} is not ${String(2 * KEY_BYTES)} hexadecimal digits; restore it.`,
  );
}

/** As {@link readSecretFile}; a file that is not there is made, with a new key and mode 0600. */
export async function openSecretFile(path: string): Promise<Uint8Array> {
  if (readKeyFile(path) === undefined) {
    try {
      await createDurably(
        path,
        Buffer.from(`${randomBytes(KEY_BYTES).toString('hex')}\n`, 'ascii'),
      );
    } catch (cause) {
      throw keyUnavailable(
        `No key can be made at ${path}: ${dirname(path)} cannot be written.`,
        cause,
      );
    }
  }
  return readSecretFile(path);
}
