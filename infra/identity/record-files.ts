import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { signatureHolds } from '../../domain/evidence/index.js';
import { canonicalBytes, type TrustedKey } from '../../domain/lineage/index.js';
import {
  check,
  validateIdentityKeyFile,
  validateIdentityRecord,
  type IdentityKeyFile,
  type IdentityRecord,
} from '../../schemas/index.js';
import { keyIdOf } from '../keys/index.js';
import { IdentityError } from './errors.js';

const RECORD = '.identity.json';
const SUBJECT = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** @throws IdentityError IDENTITY_INVALID: subjects name files */
export function assertSubject(subject: string): void {
  if (SUBJECT.test(subject)) return;
  throw new IdentityError(
    'IDENTITY_INVALID',
    'a person is named by 1 to 63 of a-z, 0-9, dot, underscore and hyphen, a letter or digit first',
  );
}

export const recordPath = (dir: string, subject: string) => join(dir, `${subject}${RECORD}`);
export const keyPath = (dir: string, subject: string) => join(dir, `${subject}.key.json`);

/** What the owner's key signs of a record. */
export function recordMessage(record: Omit<IdentityRecord, 'signature'>): Uint8Array {
  const { schema, subject, roles, demo, keyId, publicKey, createdAt } = record;
  return canonicalBytes({ schema, subject, roles, demo, keyId, publicKey, createdAt });
}

export function trustedKeyOfRecord(record: IdentityRecord) {
  const { keyId, publicKey, subject, demo, roles } = record;
  return { keyId, publicKey, owner: subject, use: 'person', demo, roles } as const;
}

/**
 * The public record of a person, its own signature checked, so that neither the roles nor the demo
 * mark can be edited in the file.
 * @throws IdentityError IDENTITY_UNKNOWN, IDENTITY_CORRUPT
 */
export async function readRecord(dir: string, subject: string): Promise<IdentityRecord> {
  assertSubject(subject);
  const path = recordPath(dir, subject);
  const record = await readChecked(path, subject, (value) =>
    check(validateIdentityRecord, value, path),
  );
  const key: TrustedKey = trustedKeyOfRecord(record);
  const own = keyIdOf(Buffer.from(record.publicKey, 'base64')) === record.keyId;
  if (own && record.subject === subject && holds(key, record)) return record;
  throw new IdentityError(
    'IDENTITY_CORRUPT',
    `${path} is not what its owner signed; restore it, or make a new identity`,
  );
}

function holds(key: TrustedKey, record: IdentityRecord): boolean {
  try {
    return signatureHolds(key, recordMessage(record), record.signature);
  } catch {
    return false;
  }
}

/** @throws IdentityError IDENTITY_UNKNOWN, IDENTITY_CORRUPT, also when others may read the key */
export async function readKeyOf(dir: string, subject: string): Promise<IdentityKeyFile> {
  const path = keyPath(dir, subject);
  const file = await readChecked(path, subject, (value) =>
    check(validateIdentityKeyFile, value, path),
  );
  if (((await stat(path)).mode & 0o077) === 0) return file;
  throw new IdentityError(
    'IDENTITY_CORRUPT',
    `${path} can be read by others; make a new identity if it may have been copied, otherwise run chmod 600 on it`,
  );
}

export async function hasKey(dir: string, subject: string): Promise<boolean> {
  return (await unlessMissing(stat(keyPath(dir, subject)))) !== undefined;
}

/** The subjects that have a record in `dir`, sorted. */
export async function subjectsIn(dir: string): Promise<string[]> {
  const names = (await unlessMissing(readdir(dir))) ?? [];
  const records = names.filter((name) => name.endsWith(RECORD));
  return records.map((name) => name.slice(0, -RECORD.length)).sort();
}

async function readChecked<T>(
  path: string,
  subject: string,
  parse: (value: unknown) => T,
): Promise<T> {
  try {
    return parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    if (isMissing(cause)) {
      throw new IdentityError(
        'IDENTITY_UNKNOWN',
        `there is no identity ${subject} (${path}); make it: custos identity create ${subject}`,
      );
    }
    // The parser's message quotes the file, and a key file is not to be quoted.
    const shown = cause instanceof SyntaxError ? undefined : cause;
    throw new IdentityError('IDENTITY_CORRUPT', `${path} cannot be read; restore it`, {
      cause: shown,
    });
  }
}

function unlessMissing<T>(pending: Promise<T>): Promise<T | undefined> {
  return pending.catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
