import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Signer, TrustedKey } from '../../domain/lineage/index.js';
import { createDurably } from '../object-store/index.js';
import { keyUnavailable, makeKeyFolder, readKeyFile } from './key-files.js';

export type LocalKeyUse = 'worker' | 'ledger';

/** First 16 hexadecimal digits of the SHA-256 of an SPKI in DER. */
export function keyIdOf(spki: Uint8Array): string {
  return createHash('sha256').update(spki).digest('hex').slice(0, 16);
}

/**
 * The Ed25519 key `<dir>/<name>.<use>.pem` (PKCS #8, mode 0600), made at the first call. Of several
 * first callers all get the same key.
 * @throws LineageError KEY_UNAVAILABLE when the file is not such a key or others may read it
 */
export async function openLocalSigner(
  dir: string,
  name: string,
  use: LocalKeyUse,
): Promise<Signer> {
  if (!/^[a-z0-9][a-z0-9._-]{0,62}$/.test(name)) {
    throw keyUnavailable('A key is named by 1 to 63 of a-z, 0-9, dot, underscore and hyphen.');
  }
  const folder = resolve(dir);
  await makeKeyFolder(folder);
  const path = join(folder, `${name}.${use}.pem`);
  let pem = readKeyFile(path);
  if (pem === undefined) {
    const pair = generateKeyPairSync('ed25519');
    await createDurably(
      path,
      Buffer.from(pair.privateKey.export({ type: 'pkcs8', format: 'pem' })),
    );
    pem = readKeyFile(path);
  }
  return signerOf(readPrivateKey(pem, path));
}

/** What others need to check the signatures of `signer`. */
export function trustedKeyOf(
  signer: Signer,
  entry: Omit<TrustedKey, 'keyId' | 'publicKey'>,
): TrustedKey {
  return { ...entry, keyId: signer.keyId, publicKey: signer.publicKey };
}

function signerOf(privateKey: KeyObject): Signer {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return {
    keyId: keyIdOf(spki),
    publicKey: spki.toString('base64'),
    sign: (message) => Promise.resolve(sign(null, message, privateKey)),
  };
}

function readPrivateKey(pem: Buffer | undefined, path: string): KeyObject {
  try {
    const key = createPrivateKey(pem ?? '');
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // The parser's message may quote the key: the error below says where to look instead.
  }
  throw keyUnavailable(
    `${path} is not an Ed25519 private key in PKCS #8 PEM. Restore it from its backup.`,
  );
}
