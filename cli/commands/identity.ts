import { join, resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { canonicalJson } from '../../domain/lineage/index.js';
import {
  createIdentity,
  DEMO_PEOPLE,
  ensureDemoIdentities,
  trustedKeys,
} from '../../infra/identity/index.js';
import type { IdentityRecord } from '../../schemas/index.js';
import { appOf, table, type App, type RegisterCommand } from '../app.js';
import { withWorkspace } from '../compose.js';
import { CliError } from '../errors.js';
import { askSecret } from '../identity.js';
import { installationKeys, keyringOf, writeKeyring } from '../keyring.js';

type PersonRole = IdentityRecord['roles'][number];

const ROLES: readonly PersonRole[] = ['submitter', 'reviewer', 'releaser', 'auditor'];

function collectRole(text: string, before: readonly PersonRole[] = []): readonly PersonRole[] {
  const role = ROLES.find((known) => known === text);
  if (role === undefined) throw new InvalidArgumentError(`roles are ${ROLES.join(', ')}.`);
  return [...before, role];
}

const identityDirOf = ({ dataDir }: App): string => join(dataDir, 'identities');

async function newPassphrase(subject: string): Promise<string> {
  const given = process.env['CUSTOS_PASSPHRASE'];
  if (given !== undefined) return given;
  const first = await askSecret(`passphrase for ${subject} (12 characters or more): `);
  if (first === (await askSecret('the same again: '))) return first;
  throw new CliError('USAGE', 'the two passphrases differ; nothing was made');
}

function registerCreate(identity: Command): void {
  identity
    .command('create <name>')
    .description('Make a signing key for a person, under a passphrase.')
    .requiredOption(
      '--role <role>',
      `what they may do, repeatable: ${ROLES.join(', ')}`,
      collectRole,
    )
    .addHelpText(
      'after',
      `
Example:
  custos identity create rea --role reviewer

Without a terminal the passphrase comes from CUSTOS_PASSPHRASE.`,
    )
    .action(async (name: string, { role }: { role: readonly PersonRole[] }, command: Command) => {
      const app = appOf(command);
      const passphrase = await newPassphrase(name);
      const key = await createIdentity(identityDirOf(app), {
        subject: name,
        roles: role,
        passphrase,
      });
      app.emit(key, () => `${name} (${(key.roles ?? []).join(', ')}) signs with key ${key.keyId}`);
    });
}

function registerDemo(identity: Command): void {
  identity
    .command('demo')
    .description('Make the demo people, as the quickstart does; nothing they sign can be released.')
    .addHelpText('after', '\nExample:\n  custos identity demo')
    .action(async (_options: unknown, command: Command) => {
      const app = appOf(command);
      await ensureDemoIdentities(identityDirOf(app));
      app.emit(DEMO_PEOPLE, () =>
        DEMO_PEOPLE.map(({ subject, roles }) => `${subject} (${roles.join(', ')}, demo)`).join(
          '\n',
        ),
      );
    });
}

function registerList(identity: Command): void {
  identity
    .command('list')
    .description('People, their roles and their keys.')
    .addHelpText('after', '\nExample:\n  custos identity list')
    .action(async (_options: unknown, command: Command) => {
      const app = appOf(command);
      const people = await trustedKeys(identityDirOf(app));
      app.emit(people, () =>
        people.length === 0
          ? 'nobody yet; make one: custos identity create NAME --role submitter'
          : table(
              people.map(({ owner, roles = [], demo, keyId }) => [
                owner,
                roles.join(', '),
                demo ? 'demo' : '',
                keyId,
              ]),
            ),
      );
    });
}

function registerKeyring(identity: Command): void {
  identity
    .command('keyring')
    .description('Print the public keys that an offline verifier needs; they hold no secret.')
    .option('--out <file>', 'write them to a file instead')
    .addHelpText(
      'after',
      `
Example:
  custos identity keyring --out keys.json
  custos verify evidence --offline --key keys.json

Hand the file over on another way than the evidence: whoever forges one could forge both.`,
    )
    .action(async ({ out }: { out?: string }, command: Command) => {
      const app = appOf(command);
      const keys = await withWorkspace(app, ({ stores }) => installationKeys(stores));
      const keyring = keyringOf(keys);
      if (out === undefined) {
        app.emit(keyring, () => canonicalJson(keyring));
        return;
      }
      await writeKeyring(resolve(out), keyring);
      app.emit({ file: resolve(out), keys: keyring.keys.length }, () => resolve(out));
    });
}

export const registerIdentity: RegisterCommand = (program) => {
  const identity = program
    .command('identity')
    .description('People and their signing keys.')
    .addHelpText(
      'after',
      `
Example:
  custos identity create kim --role submitter
  custos identity create rea --role reviewer`,
    );
  registerCreate(identity);
  registerDemo(identity);
  registerList(identity);
  registerKeyring(identity);
};
