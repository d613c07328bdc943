import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { check, validateKeyring, type Keyring, type KeyringKey } from '../../schemas/index.js';
import { LineageError } from '../lineage/errors.js';
import type { TrustedKey } from '../lineage/ports.js';
import { decodeBase64, parseJson } from './strict-encoding.js';

/** A trusted key; a person's key also says what the person may sign as. */
export type EvidenceKey = TrustedKey & Pick<Readonly<KeyringKey>, 'roles'>;

function publicKeyObject(key: TrustedKey): KeyObject {
  const fault = `the public key ${key.keyId} is not an Ed25519 key in SPKI form`;
  try {
    const spki = decodeBase64(key.publicKey, 'a public key');
    const object = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    if (object.asymmetricKeyType === 'ed25519') return object;
  } catch (cause) {
    throw new LineageError('SIGNATURE_INVALID', fault, { cause });
  }
  throw new LineageError('SIGNATURE_INVALID', fault);
}

/** Ed25519 (RFC 8032). @param signature base64 in its one canonical form */
export function signatureHolds(key: TrustedKey, message: Uint8Array, signature: string): boolean {
  const bytes = decodeBase64(signature, 'a signature');
  return bytes.length === 64 && verify(null, message, publicKeyObject(key), bytes);
}

/**
 * The trusted key of that id for that use.
 * @throws LineageError SIGNATURE_INVALID when unknown, ambiguous, or trusted for something else
 */
export function trustedKey<K extends TrustedKey>(
  keys: readonly K[],
  keyId: string,
  use: TrustedKey['use'],
): K {
  const [key, ...others] = keys.filter((candidate) => candidate.keyId === keyId);
  if (key === undefined) {
    throw new LineageError(
      'SIGNATURE_INVALID',
      `key ${keyId} is not among the trusted keys; add it to the keyring if you trust its owner`,
    );
  }
  if (others.some((other) => other.publicKey !== key.publicKey || other.use !== key.use)) {
    throw new LineageError('SIGNATURE_INVALID', `two different trusted keys are called ${keyId}`);
  }
  if (key.use !== use) {
    throw new LineageError(
      'SIGNATURE_INVALID',
      `key ${keyId} is trusted as a ${key.use} key, not as a ${use} key`,
    );
  }
  return key;
}

/**
 * Reads a keyring file: the keys that `custos verify --key` trusts.
 * @throws LineageError EVIDENCE_INVALID, SchemaError
 */
export function parseKeyring(bytes: Uint8Array, where: string): readonly EvidenceKey[] {
  const keyring: Keyring = check(validateKeyring, parseJson(bytes, where), where);
  return keyring.keys;
}
