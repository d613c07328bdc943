import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { EvidenceKey } from '../../domain/evidence/index.js';
import { canonicalBytes, type Signer } from '../../domain/lineage/index.js';
import type { Actor, IdentityRecord } from '../../schemas/index.js';
import { keyIdOf } from '../keys/index.js';
import { createDurably, makeFolder } from '../object-store/index.js';
import { IdentityError } from './errors.js';
import { openKey, sealKey } from './key-seal.js';
import {
  assertSubject,
  hasKey,
  keyPath,
  readKeyOf,
  readRecord,
  recordMessage,
  recordPath,
  subjectsIn,
  trustedKeyOfRecord,
} from './record-files.js';

/** The roles that a person can have. */
export type PersonRole = IdentityRecord['roles'][number];

export interface NewIdentity {
  readonly subject: string;
  readonly roles: readonly PersonRole[];
  readonly passphrase: string;
  /** A demo identity stays one: the mark is signed, and with it everything the key signs is a demo. */
  readonly demo?: boolean;
}

/** A person who has just authenticated, with the key to sign with. */
export interface UnlockedIdentity {
  readonly actor: Actor;
  readonly signer: Signer;
  readonly trustedKey: EvidenceKey;
}

const MIN_PASSPHRASE = 12;

/**
 * Makes an Ed25519 key for a person: `<subject>.key.json` (private, under the passphrase, mode
 * 0600) and `<subject>.identity.json` (public, signed by the key itself).
 * @throws IdentityError IDENTITY_INVALID, IDENTITY_EXISTS
 */
export async function createIdentity(dir: string, wanted: NewIdentity): Promise<EvidenceKey> {
  const { subject, passphrase } = wanted;
  assertSubject(subject);
  if (wanted.roles.length === 0) {
    throw new IdentityError('IDENTITY_INVALID', `${subject} needs at least one role`);
  }
  if ([...passphrase].length < MIN_PASSPHRASE) {
    throw new IdentityError(
      'IDENTITY_INVALID',
      `a passphrase has at least ${MIN_PASSPHRASE} characters`,
    );
  }
  await makeFolder(dir);
  await refuseTaken(dir, subject);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const record = selfSigned(wanted, spki, privateKey);
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const file = await sealKey(pkcs8, record, passphrase);
  // The key decides who wins a race: a record without its key could never sign.
  const created = await createDurably(keyPath(dir, subject), canonicalBytes(file));
  if (!created) await refuseTaken(dir, subject);
  await createDurably(recordPath(dir, subject), canonicalBytes(record));
  return trustedKeyOfRecord(record);
}

/** A crash between key and record leaves a key alone: its record is restored from it. */
async function refuseTaken(dir: string, subject: string): Promise<void> {
  if (!(await hasKey(dir, subject))) return;
  const { record } = await readKeyOf(dir, subject);
  await createDurably(recordPath(dir, subject), canonicalBytes(record));
  throw new IdentityError(
    'IDENTITY_EXISTS',
    `there is a key of ${subject} in ${dir} already; unlock it, or choose another name`,
  );
}

function selfSigned(wanted: NewIdentity, spki: Buffer, privateKey: KeyObject): IdentityRecord {
  const unsigned = {
    schema: 'custos.identity.v1',
    subject: wanted.subject,
    roles: [...new Set(wanted.roles)].sort(),
    demo: wanted.demo ?? false,
    keyId: keyIdOf(spki),
    publicKey: spki.toString('base64'),
    createdAt: new Date().toISOString(),
  } as const;
  const signature = sign(null, recordMessage(unsigned), privateKey).toString('base64');
  return { ...unsigned, signature };
}

/**
 * Authenticates a person by passphrase; `actor.authTime` is now.
 * @throws IdentityError IDENTITY_UNKNOWN, IDENTITY_CORRUPT, PASSPHRASE_WRONG
 */
export async function unlockIdentity(
  dir: string,
  subject: string,
  passphrase: string,
): Promise<UnlockedIdentity> {
  const record = await readRecord(dir, subject);
  const pkcs8 = await openKey(await readKeyOf(dir, subject), record, passphrase);
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  pkcs8.fill(0);
  return {
    actor: {
      issuer: 'local',
      subject,
      roles: [...record.roles],
      authTime: new Date().toISOString(),
      method: record.demo ? 'demo' : 'passphrase',
    },
    signer: {
      keyId: record.keyId,
      publicKey: record.publicKey,
      sign: (message) => Promise.resolve(sign(null, message, privateKey)),
    },
    trustedKey: trustedKeyOfRecord(record),
  };
}

/**
 * The public keys of every person in `dir`.
 * @throws IdentityError IDENTITY_CORRUPT when any record is not what its owner signed
 */
export async function trustedKeys(dir: string): Promise<readonly EvidenceKey[]> {
  const records = await Promise.all(
    (await subjectsIn(dir)).map((subject) => readRecord(dir, subject)),
  );
  return records.map(trustedKeyOfRecord);
}
