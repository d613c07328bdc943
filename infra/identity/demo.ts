import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDurably, makeFolder } from '../object-store/index.js';
import { IdentityError } from './errors.js';
import {
  createIdentity,
  unlockIdentity,
  type PersonRole,
  type UnlockedIdentity,
} from './identity.js';
import { assertSubject, isMissing, subjectsIn } from './record-files.js';

/** The people of the quickstart. Nothing that they sign can be released. */
export const DEMO_PEOPLE = [
  { subject: 'demo-engineer', roles: ['submitter'] },
  { subject: 'demo-reviewer', roles: ['reviewer'] },
] as const satisfies readonly { subject: string; roles: readonly PersonRole[] }[];

const passphrasePath = (dir: string, subject: string) => join(dir, `${subject}.demo-passphrase`);

/**
 * Makes the demo identities that `dir` lacks, each with a random passphrase in a file beside it
 * (mode 0600): whoever can read the folder can sign as them, which is why they are marked.
 */
export async function ensureDemoIdentities(dir: string): Promise<void> {
  await makeFolder(dir);
  const known = await subjectsIn(dir);
  for (const { subject, roles } of DEMO_PEOPLE) {
    if (known.includes(subject)) continue;
    // Stored before the key, so that a key whose passphrase nobody knows cannot come about.
    await createDurably(
      passphrasePath(dir, subject),
      Buffer.from(randomBytes(24).toString('base64url')),
    );
    const passphrase = await readPassphrase(dir, subject);
    await createIdentity(dir, { subject, roles, passphrase, demo: true }).catch(
      (error: unknown) => {
        if (!(error instanceof IdentityError && error.code === 'IDENTITY_EXISTS')) throw error;
      },
    );
  }
}

/**
 * Unlocks a demo identity with its stored passphrase.
 * @throws IdentityError IDENTITY_UNKNOWN, IDENTITY_INVALID when the identity is not a demo
 */
export async function unlockDemoIdentity(dir: string, subject: string): Promise<UnlockedIdentity> {
  assertSubject(subject);
  const identity = await unlockIdentity(dir, subject, await readPassphrase(dir, subject));
  if (identity.trustedKey.demo) return identity;
  throw new IdentityError('IDENTITY_INVALID', `${subject} is not a demo identity`);
}

async function readPassphrase(dir: string, subject: string): Promise<string> {
  try {
    return await readFile(passphrasePath(dir, subject), 'utf8');
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new IdentityError(
      'IDENTITY_UNKNOWN',
      `there is no demo identity ${subject} in ${dir}; "custos identity demo" makes the demo people, and so does the quickstart`,
    );
  }
}
