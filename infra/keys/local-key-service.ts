import { createHmac, randomBytes } from 'node:crypto';
import { readdir, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { LineageError, type KeyService, type WrappedKey } from '../../domain/lineage/index.js';
import { createDurably, guardFiles, syncDirectory } from '../object-store/index.js';
import {
  decrypt,
  encrypt,
  isMissing,
  isPresent,
  keyUnavailable,
  makeKeyFolder,
  overwrite,
  readKeyFile,
  writeNewKey,
} from './key-files.js';

const KEY_BYTES = 32;

/**
 * A key service in a folder of mode 0700: one master key, and one key-encryption key per artifact,
 * `keks/<2 hex>/<key id>`, itself encrypted under the master key. `destroy` leaves a file in
 * `destroyed/`, so that an erased artifact is told from a lost key. Backups of the folder undo an
 * erasure: they need the same care as the data.
 * @throws LineageError KEY_UNAVAILABLE when the master key is missing beside keys that need it, or readable by others
 */
export async function openLocalKeyService(options: { readonly dir: string }): Promise<KeyService> {
  const dir = resolve(options.dir);
  for (const folder of [dir, join(dir, 'keks'), join(dir, 'destroyed')])
    await makeKeyFolder(folder);
  const master = await loadMaster(dir);
  const id = createHmac('sha256', master).update('custos/key-service/1').digest('hex').slice(0, 16);
  return {
    id: `local:${id}`,
    async wrap(dataKey, context) {
      if (dataKey.length !== KEY_BYTES) throw new TypeError('a data key has 32 bytes');
      const keyId = randomBytes(16).toString('hex');
      const kek = randomBytes(KEY_BYTES);
      await guardFiles({ endpoint: dir }, () =>
        writeNewKey(kekPath(dir, keyId), encrypt(master, kek, kekContext(keyId))),
      );
      const ciphertext = encrypt(kek, dataKey, wrapContext(keyId, context)).toString('base64');
      return { keyId, ciphertext };
    },
    unwrap: (wrapped, context) =>
      Promise.resolve().then(() => unwrap(dir, master, wrapped, context)),
    destroy: (keyId) => destroy(dir, keyId),
    discard: async (keyId) => removeKek(kekPath(dir, keyId)),
  };
}

function unwrap(
  dir: string,
  master: Buffer,
  { keyId, ciphertext }: WrappedKey,
  context: string,
): Buffer {
  const kek = loadKek(dir, master, keyId);
  const dataKey = decrypt(kek, Buffer.from(ciphertext, 'base64'), wrapContext(keyId, context));
  if (dataKey !== undefined) return dataKey;
  throw new LineageError(
    'ARTIFACT_CORRUPT',
    `The wrapped key ${keyId} does not open here: it was changed, or belongs to another artifact or project.`,
  );
}

async function loadMaster(dir: string): Promise<Buffer> {
  const path = join(dir, 'master.key');
  const found = readKeyFile(path);
  if (found === undefined && (await readdir(join(dir, 'keks'))).length > 0) {
    throw keyUnavailable(
      `The master key ${path} is missing, but there are keys under it. Restore it from its backup; a new one would open nothing.`,
    );
  }
  if (found === undefined) await createDurably(path, randomBytes(KEY_BYTES));
  // Read back: another process may have been faster.
  const master = found ?? readKeyFile(path);
  if (master?.length === KEY_BYTES) return master;
  throw keyUnavailable(
    `The master key ${path} has not ${String(KEY_BYTES)} bytes. Restore it from its backup.`,
  );
}

function loadKek(dir: string, master: Buffer, keyId: string): Buffer {
  if (isPresent(tombstonePath(dir, keyId))) {
    throw new LineageError(
      'ARTIFACT_ERASED',
      `Key ${keyId} was destroyed: what it sealed is erased.`,
    );
  }
  const sealed = readKeyFile(kekPath(dir, keyId));
  if (sealed === undefined) {
    throw keyUnavailable(
      `Key ${keyId} is not in ${dir}. Check that this is the key folder of this store.`,
    );
  }
  const kek = decrypt(master, sealed, kekContext(keyId));
  if (kek !== undefined) return kek;
  throw keyUnavailable(
    `Key ${keyId} in ${dir} does not open under the master key there. Restore both from one backup.`,
  );
}

/** The tombstone comes first: from then on the key counts as destroyed, and a second call finishes the rest. */
async function destroy(dir: string, keyId: string): Promise<void> {
  const path = kekPath(dir, keyId);
  const tombstone = tombstonePath(dir, keyId);
  const present = isPresent(path);
  if (!present && !isPresent(tombstone)) {
    throw keyUnavailable(`Key ${keyId} is not in ${dir}, so it cannot be destroyed there.`);
  }
  await makeKeyFolder(dirname(tombstone));
  await createDurably(tombstone, Buffer.alloc(0));
  if (present) await removeKek(path);
}

async function removeKek(path: string): Promise<void> {
  try {
    await overwrite(path);
    await unlink(path);
    await syncDirectory(dirname(path));
  } catch (error) {
    // Somebody else removed it, now or before.
    if (!isMissing(error)) throw error;
  }
}

function kekPath(dir: string, keyId: string): string {
  return join(dir, 'keks', checked(keyId).slice(0, 2), keyId);
}

function tombstonePath(dir: string, keyId: string): string {
  return join(dir, 'destroyed', checked(keyId).slice(0, 2), keyId);
}

/** Key ids become file names. */
function checked(keyId: string): string {
  if (/^[0-9a-f]{32}$/.test(keyId)) return keyId;
  throw keyUnavailable('A key id of this key service is 32 hexadecimal digits.');
}

function kekContext(keyId: string): string {
  return `custos/kek/1|${keyId}`;
}

function wrapContext(keyId: string, context: string): string {
  return `custos/wrap/1|${keyId}|${context}`;
}
