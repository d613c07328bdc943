import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { canonicalBytes } from '../../domain/lineage/index.js';
import type { IdentityKeyFile, IdentityRecord } from '../../schemas/index.js';
import { IdentityError } from './errors.js';

const TAG_BYTES = 16;

// 128 MiB and about half a second a guess: OWASP's first choice for scrypt.
const KDF = { name: 'scrypt', log2N: 17, r: 8, p: 1 } as const;

type Kdf = IdentityKeyFile['kdf'];

function deriveKey(passphrase: string, kdf: Kdf): Promise<Buffer> {
  const N = 2 ** kdf.log2N;
  const maxmem = 128 * N * kdf.r + 128 * kdf.r * kdf.p + 1024 * 1024;
  // One spelling of what is typed the same (RFC 8265): composed and decomposed accents.
  const secret = passphrase.normalize('NFKC');
  return new Promise((resolve, reject) => {
    const salt = Buffer.from(kdf.salt, 'hex');
    scrypt(secret, salt, 32, { N, r: kdf.r, p: kdf.p, maxmem }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** The public record and the parameters are authenticated: changing either locks the key. */
const associated = (record: IdentityRecord, kdf: Kdf) => canonicalBytes({ record, kdf });

/** Encrypts a PKCS#8 private key under a passphrase: scrypt, then AES-256-GCM. */
export async function sealKey(
  pkcs8: Uint8Array,
  record: IdentityRecord,
  passphrase: string,
): Promise<IdentityKeyFile> {
  const kdf: Kdf = { ...KDF, salt: randomBytes(32).toString('hex') };
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', await deriveKey(passphrase, kdf), nonce);
  cipher.setAAD(associated(record, kdf));
  const ciphertext = Buffer.concat([cipher.update(pkcs8), cipher.final(), cipher.getAuthTag()]);
  return {
    schema: 'custos.identity-key.v1',
    record,
    kdf,
    nonce: nonce.toString('hex'),
    ciphertext: ciphertext.toString('base64'),
  };
}

/**
 * @returns the private key in PKCS#8
 * @throws IdentityError PASSPHRASE_WRONG: a wrong passphrase and a changed file look the same
 */
export async function openKey(
  file: IdentityKeyFile,
  record: IdentityRecord,
  passphrase: string,
): Promise<Buffer> {
  const sealed = Buffer.from(file.ciphertext, 'base64');
  const key = await deriveKey(passphrase, file.kdf);
  try {
    const nonce = Buffer.from(file.nonce, 'hex');
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(associated(record, file.kdf));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new IdentityError(
      'PASSPHRASE_WRONG',
      `the passphrase does not open the key of ${record.subject}; try again. If it is right, the key file or the public record beside it was changed: restore both`,
      { cause },
    );
  }
}
