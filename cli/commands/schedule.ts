import type { Command } from 'commander';
import { appOf, type RegisterCommand } from '../app.js';
import { withClient, withWorkspace } from '../compose.js';
import { CliError } from '../errors.js';
import { describeDrift } from '../drift-words.js';
import { unlockPerson } from '../identity.js';
import { loadRun } from '../load-files.js';
import { duration, overlapOption, scheduleName, time } from '../schedule-options.js';
import { describeSchedule, describeSchedules } from '../schedule-words.js';
import {
  createSchedule,
  deleteSchedule,
  listSchedules,
  onSchedule,
  OVERLAPS,
  showDrift,
  showSchedule,
  type Overlap,
} from '../schedules.js';
import { positiveInteger } from '../option-values.js';

interface CreateOptions {
  readonly cron?: string;
  readonly every?: number;
  readonly timezone: string;
  readonly overlap: Overlap;
  readonly catchUp: number;
  readonly jitter: number;
  readonly pauseOnFailure: boolean;
  readonly paused?: boolean;
  readonly maxSteps?: number;
  readonly as: string;
}

const CREATE_HELP = `
Examples:
  custos schedule create nightly run.yaml --as ana --cron "0 3 * * *" --timezone Europe/Vienna
  custos schedule create often run.yaml --as ana --every 6h --jitter 10m

You sign the run file and its policy as they are now, once, for every run of the schedule ("standing
submission"); a later change of either file needs a new schedule. Each firing verifies it again, and
"custos schedule delete" ends it.

A firing ingests. Where the records are those of the schedule's last run it ends there as "nothing
new"; otherwise it is a run like any other, with its review and its gates. Its adapter becomes a
candidate, and only "custos adapter promote" releases it.

  --overlap       skip: a firing is left out while the one before runs (a review may take days).
                  buffer-one: one waits. buffer-all: all wait. cancel-other: the one before is ended.
  --catch-up      after an outage a firing is made up for if it is at most so late, else it is missed
                  and counted in "custos schedule show". At least 10s.
  --jitter        each firing is delayed by a random time up to this, so that many do not coincide.
  --no-pause-on-failure
                  without it a failed run pauses the schedule until "custos schedule resume".`;

function registerCreate(schedule: Command): void {
  schedule
    .command('create <name> <file>')
    .description('Fine-tune again and again by a run file: --cron or --every.')
    .option('--cron <expression>', 'minute, hour, day of month, month, day of week')
    .option('--every <duration>', 'an interval such as 90s, 15m, 6h or 7d', duration)
    .option('--timezone <zone>', 'of --cron, such as Europe/Vienna', 'UTC')
    .addOption(overlapOption('when the one before still runs', 'skip'))
    .option('--catch-up <duration>', 'how late a firing may be made up for', duration, 3_600_000)
    .option('--jitter <duration>', 'random delay of up to so much', duration, 0)
    .option('--no-pause-on-failure', 'go on after a failed run')
    .option('--paused', 'fire nothing before "custos schedule resume"')
    .option('--max-steps <n>', 'stop each training after n optimizer steps', positiveInteger)
    .option('--as <person>', 'who submits (see "custos identity")', 'engineer')
    .addHelpText('after', CREATE_HELP)
    .action(async (text: string, file: string, options: CreateOptions, command: Command) => {
      const app = appOf(command);
      const name = scheduleName(text);
      const { cron, every, timezone, overlap, catchUp, jitter, maxSteps } = options;
      if ((cron === undefined) === (every === undefined)) {
        throw new CliError('USAGE', 'give --cron or --every, one of them');
      }
      const loaded = await loadRun(file);
      const train =
        maxSteps === undefined ? loaded.request.train : { ...loaded.request.train, maxSteps };
      const request = train === undefined ? loaded.request : { ...loaded.request, train };
      const input = await withWorkspace(app, async (workspace) => {
        const submitter = await unlockPerson(workspace.stores.identityDir, options.as);
        return createSchedule(workspace, name, { ...loaded, request }, submitter, {
          ...(cron === undefined ? {} : { cron }),
          ...(every === undefined ? {} : { everyMs: every }),
          timezone,
          jitterMs: jitter,
          catchUpMs: catchUp,
          overlap,
          pauseOnFailure: options.pauseOnFailure,
          paused: options.paused === true,
        });
      });
      const { project, submission } = input;
      app.emit({ name, project, submission: submission.digest }, () =>
        [`${name} (${project})`, `see it: custos schedule show ${name} --project ${project}`].join(
          '\n',
        ),
      );
    });
}

function registerList(schedule: Command): void {
  schedule
    .command('list')
    .description('Schedules: state, next firing, adapter, submitter.')
    .addHelpText('after', '\nExample:\n  custos schedule list')
    .action(async (_options: unknown, command: Command) => {
      const app = appOf(command);
      const lines = await withClient(app, listSchedules);
      app.emit(lines, () => describeSchedules(lines));
    });
}

interface NameOptions {
  readonly project: string;
}

interface ShowOptions extends NameOptions {
  readonly limit: number;
  readonly drift?: boolean;
}

function registerShow(schedule: Command): void {
  schedule
    .command('show <name>')
    .description('What a schedule did: every firing, what was skipped and why, what is next.')
    .option('--project <project>', 'project', 'demo')
    .option('--limit <n>', 'at most so many firings', positiveInteger, 20)
    .option('--drift', 'instead, what changed between the datasets of its last two runs')
    .addHelpText(
      'after',
      `
Example:
  custos schedule show nightly
  custos schedule show nightly --drift

A firing is recorded as signed evidence when it ends: ran, nothing-new, failed or cancelled. What
Temporal did not start is counted: skipped while another ran, or missed (later than the catch-up
window).`,
    )
    .action(async (name: string, options: ShowOptions, command: Command) => {
      const app = appOf(command);
      const { project, limit } = options;
      if (options.drift === true) {
        const drift = await withWorkspace(app, (workspace) =>
          showDrift(workspace, { project, name }),
        );
        app.emit(drift, () => describeDrift(drift));
        return;
      }
      const report = await withWorkspace(app, (workspace) =>
        showSchedule(workspace, { project, name }, limit),
      );
      app.emit(report, () => describeSchedule(report, Date.now()));
    });
}

function registerState(schedule: Command): void {
  schedule
    .command('pause <name>')
    .description('Fire nothing until "resume"; what is due meanwhile is not made up for.')
    .option('--project <project>', 'project', 'demo')
    .requiredOption('--reason <text>', 'why; "show" says it')
    .addHelpText('after', '\nExample:\n  custos schedule pause nightly --reason "export is broken"')
    .action(
      async (
        name: string,
        options: NameOptions & { readonly reason: string },
        command: Command,
      ) => {
        const app = appOf(command);
        const { project, reason } = options;
        await withClient(app, (client) =>
          onSchedule(client, { project, name }, (handle) => handle.pause(reason)),
        );
        app.emit({ project, name, paused: true }, () => `${name} is paused`);
      },
    );
  schedule
    .command('resume <name>')
    .description('Fire again.')
    .option('--project <project>', 'project', 'demo')
    .addHelpText('after', '\nExample:\n  custos schedule resume nightly')
    .action(async (name: string, { project }: NameOptions, command: Command) => {
      const app = appOf(command);
      await withClient(app, (client) =>
        onSchedule(client, { project, name }, (handle) => handle.unpause('resumed')),
      );
      app.emit({ project, name, paused: false }, () => `${name} is active`);
    });
}

function registerTrigger(schedule: Command): void {
  schedule
    .command('trigger <name>')
    .description('Fire now, also while paused.')
    .option('--project <project>', 'project', 'demo')
    .addOption(overlapOption('when another firing runs', 'skip'))
    .addHelpText('after', '\nExample:\n  custos schedule trigger nightly')
    .action(
      async (
        name: string,
        options: NameOptions & { readonly overlap: Overlap },
        command: Command,
      ) => {
        const app = appOf(command);
        const { project, overlap } = options;
        await withClient(app, (client) =>
          onSchedule(client, { project, name }, (handle) => handle.trigger(OVERLAPS[overlap])),
        );
        app.emit({ project, name, triggered: true }, () => `see: custos schedule show ${name}`);
      },
    );
}

interface BackfillOptions extends NameOptions {
  readonly from: Date;
  readonly to: Date;
  readonly overlap: Overlap;
}

function registerBackfill(schedule: Command): void {
  schedule
    .command('backfill <name>')
    .description('Make up for the firings of a past period, one after the other.')
    .option('--project <project>', 'project', 'demo')
    .requiredOption('--from <time>', 'from when, such as 2026-11-20T00:00:00Z', time)
    .requiredOption('--to <time>', 'until when', time)
    .addOption(overlapOption('of the firings among themselves', 'buffer-all'))
    .addHelpText(
      'after',
      `
Example:
  custos schedule backfill nightly --from 2026-11-20T00:00:00Z --to 2026-11-23T00:00:00Z

The sources are read as they are now, so of firings over unchanged sources the first alone trains.`,
    )
    .action(async (name: string, options: BackfillOptions, command: Command) => {
      const app = appOf(command);
      const { project, from, to, overlap } = options;
      if (from >= to) throw new CliError('USAGE', '--from has to lie before --to');
      await withClient(app, (client) =>
        onSchedule(client, { project, name }, (handle) =>
          handle.backfill({ start: from, end: to, overlap: OVERLAPS[overlap] }),
        ),
      );
      app.emit({ project, name, from, to }, () => `see: custos schedule show ${name}`);
    });
}

function registerDelete(schedule: Command): void {
  schedule
    .command('delete <name>')
    .description('End a schedule and its standing submission; records and running runs stay.')
    .option('--project <project>', 'project', 'demo')
    .addHelpText('after', '\nExample:\n  custos schedule delete nightly')
    .action(async (name: string, { project }: NameOptions, command: Command) => {
      const app = appOf(command);
      await withWorkspace(app, (workspace) => deleteSchedule(workspace, { project, name }));
      app.emit({ project, name, deleted: true }, () => `${name} is deleted`);
    });
}

export const registerSchedule: RegisterCommand = (program) => {
  const schedule = program
    .command('schedule')
    .description('Fine-tune again on a timetable, when the data changed.');
  registerCreate(schedule);
  registerList(schedule);
  registerShow(schedule);
  registerState(schedule);
  registerTrigger(schedule);
  registerBackfill(schedule);
  registerDelete(schedule);
};
