import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import {
  DEMO_PEOPLE,
  unlockDemoIdentity,
  unlockIdentity,
  type UnlockedIdentity,
} from '../infra/identity/index.js';
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

/** Authenticates a person: a demo identity by its stored passphrase, others by asking for theirs. */
export async function unlockPerson(
  identityDir: string,
  subject: string,
): Promise<UnlockedIdentity> {
  if (DEMO_PEOPLE.some((person) => person.subject === subject)) {
    return unlockDemoIdentity(identityDir, subject);
  }
  const passphrase =
    process.env['CUSTOS_PASSPHRASE'] ?? (await askSecret(`passphrase of ${subject}: `));
  return unlockIdentity(identityDir, subject, passphrase);
}
