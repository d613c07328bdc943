import type { Command } from 'commander';
import type { HoldRecord } from '../../infra/garbage/index.js';
import { PROJECT_OF_ADAPTER } from '../adapter-name.js';
import { appOf, table, type RegisterCommand } from '../app.js';
import { withWorkspace } from '../compose.js';
import { describeTime } from '../durations.js';
import {
  findHold,
  parseTarget,
  placeHold,
  readHolds,
  releaseHold,
  requireHoldRole,
  targetText,
} from '../holds.js';
import { unlockPerson } from '../identity.js';
import { reasonText } from '../option-values.js';

interface SignedOptions {
  readonly as: string;
  readonly reason: string;
}

function withSigner(command: Command): Command {
  return command
    .requiredOption('--as <person>', 'who signs (see "custos identity")')
    .requiredOption('--reason <text>', 'why; it is signed and kept for good', reasonText);
}

function registerAdd(hold: Command): void {
  withSigner(hold.command('add <digest-or-run-or-adapter>'))
    .description('Keep an artifact, a run or an adapter, and all that it refers to.')
    .option('--project <project>', PROJECT_OF_ADAPTER)
    .addHelpText(
      'after',
      `
Examples:
  custos hold add support@3 --as ada --reason "matter 2026-117"
  custos hold add demo-support-20261124T030000-1a2b --as ada --reason "matter 2026-117"

Takes a digest (sha256:...), the id of a run, or NAME@VERSION. Signed by an auditor, reviewer or
releaser. A hold stops garbage collection and no erasure.`,
    )
    .action(
      async (text: string, options: SignedOptions & { project?: string }, command: Command) => {
        const app = appOf(command);
        const placed = await withWorkspace(app, async (workspace) => {
          const target = await parseTarget(workspace, text, options.project);
          await requireHoldRole(workspace, 'place', options.as);
          const person = await unlockPerson(workspace.stores.identityDir, options.as);
          return placeHold(workspace, target, person, options.reason);
        });
        app.emit(placed, () => `hold ${placed.holdId} on ${targetText(placed.target)}`);
      },
    );
}

function registerRelease(hold: Command): void {
  withSigner(hold.command('release <hold>'))
    .description('End a hold; the record of it stays.')
    .addHelpText(
      'after',
      `
Example:
  custos hold release 20261124T030000-1a2b --as ada --reason "matter 2026-117 is closed"

Signed by an auditor or releaser. Nothing is removed by it; the next collection may.`,
    )
    .action(async (holdId: string, { as, reason }: SignedOptions, command: Command) => {
      const app = appOf(command);
      const released = await withWorkspace(app, async (workspace) => {
        const found = await findHold(workspace, holdId);
        await requireHoldRole(workspace, 'release', as);
        const person = await unlockPerson(workspace.stores.identityDir, as);
        return releaseHold(workspace, found, person, reason);
      });
      app.emit(released, () => `hold ${released.holdId} is released`);
    });
}

function stateOf({ released, verified }: HoldRecord): string {
  if (released !== undefined) return `released by ${released.actor.subject}`;
  return verified ? 'holds' : 'holds (signature not verified)';
}

function describeHolds(records: readonly HoldRecord[]): string {
  if (records.length === 0) return 'no holds';
  return table([
    ['HOLD', 'STATE', 'SINCE', 'BY', 'ON', 'REASON'],
    ...records.map((record) => {
      const { holdId, signedAt, actor, target, meaning } = record.placed;
      const since = describeTime(signedAt);
      return [holdId, stateOf(record), since, actor.subject, targetText(target), meaning];
    }),
  ]);
}

function registerList(hold: Command): void {
  hold
    .command('list')
    .description('Every hold, also those that were released.')
    .addHelpText(
      'after',
      `
Example:
  custos hold list`,
    )
    .action(async (_options: unknown, command: Command) => {
      const app = appOf(command);
      const records = await withWorkspace(app, readHolds);
      app.emit(records, () => describeHolds(records));
    });
}

export const registerHold: RegisterCommand = (program) => {
  const hold = program
    .command('hold')
    .description('Legal holds: what garbage collection must not remove.');
  registerAdd(hold);
  registerList(hold);
  registerRelease(hold);
};
