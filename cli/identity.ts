import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import {
  DEMO_PEOPLE,
  unlockDemoIdentity,
  unlockIdentity,
  type UnlockedIdentity,
} from '../infra/identity/index.js';
import type { EvidenceKey } from '../domain/evidence/index.js';
import { rolesFor, type Action } from '../policies/index.js';
import { CliError } from './errors.js';

/** Asks for a secret without showing it. */
export async function askSecret(question: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new CliError(
      'USAGE',
      'a passphrase is needed: set CUSTOS_PASSPHRASE or run in a terminal',
    );
  }
  process.stderr.write(question);
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}

const isDemoName = (subject: string): boolean =>
  DEMO_PEOPLE.some((person) => person.subject === subject);

/**
 * The person's key, found before anything is asked of them.
 * @param action what the person has to be allowed to do
 * @throws CliError IDENTITY_UNKNOWN, ROLE_MISSING, each with what to do
 */
export function requirePerson(
  people: readonly EvidenceKey[],
  subject: string,
  action: Action,
): EvidenceKey {
  const wanted = rolesFor(action);
  const role = wanted[0] ?? 'NAME';
  const key = people.find(({ owner }) => owner === subject);
  if (key === undefined) {
    const make = isDemoName(subject)
      ? 'the demo people are made by "custos identity demo", or by the quickstart'
      : `make it: custos identity create ${subject} --role ${role}`;
    const known = people.map(({ owner }) => owner).join(', ') || 'nobody yet';
    throw new CliError(
      'IDENTITY_UNKNOWN',
      `there is no identity "${subject}" here (there is: ${known}); ${make}`,
    );
  }
  const { roles = [] } = key;
  if (roles.some((one) => wanted.includes(one))) return key;
  throw new CliError(
    'ROLE_MISSING',
    `${subject} is ${roles.join(' and ')}, and this takes a ${wanted.join(' or ')}; give --as another person, or make one: custos identity create NAME --role ${role}`,
  );
}

/** Authenticates a person: a demo identity by its stored passphrase, others by asking for theirs. */
export async function unlockPerson(
  identityDir: string,
  subject: string,
): Promise<UnlockedIdentity> {
  if (isDemoName(subject)) {
    return unlockDemoIdentity(identityDir, subject);
  }
  const passphrase =
    process.env['CUSTOS_PASSPHRASE'] ?? (await askSecret(`passphrase of ${subject}: `));
  return unlockIdentity(identityDir, subject, passphrase);
}
