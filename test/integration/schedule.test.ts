import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadedRun } from '../../cli/load-files.js';
import {
  createSchedule,
  deleteSchedule,
  onSchedule,
  OVERLAPS,
  showDrift,
  showSchedule,
  type ScheduleReport,
  type Timing,
} from '../../cli/schedules.js';
import { unlockDemoIdentity } from '../../infra/identity/index.js';
import { localStatus } from '../../infra/local/index.js';
import { smallRun, startInstallation, type Installation } from '../support/installation.js';

const MINUTE = 60_000;
const DAY_MS = 1_440 * MINUTE;

/** Fires by itself once a day: within the test only by triggers. */
const DAILY: Timing = {
  everyMs: DAY_MS,
  timezone: 'UTC',
  jitterMs: 0,
  catchUpMs: 10_000,
  overlap: 'skip',
  pauseOnFailure: true,
  paused: false,
};

let installation: Installation;
let folder: string;
let source: string;
let loaded: LoadedRun;

beforeAll(async () => {
  installation = await startInstallation();
  folder = await mkdtemp(join(tmpdir(), 'custos-schedule-'));
  source = join(folder, 'banking.csv');
  // Fewer steps read too few canaries for the audit.
  const small = await smallRun(4);
  await copyFile(small.locations['banking'] ?? '', source);
  loaded = { ...small, locations: { ...small.locations, banking: source } };
}, 5 * MINUTE);

afterAll(async () => {
  await installation.close();
  await rm(folder, { recursive: true, force: true });
}, MINUTE);

const named = (name: string) => ({ project: loaded.request.project, name });

async function create(name: string, timing: Timing): Promise<void> {
  const { identityDir } = installation.stores;
  const engineer = await unlockDemoIdentity(identityDir, 'demo-engineer');
  await createSchedule(installation, name, loaded, engineer, timing);
}

const trigger = (name: string): Promise<void> =>
  onSchedule(installation.client, named(name), (handle) => handle.trigger(OVERLAPS.skip));

const show = (name: string): Promise<ScheduleReport> => showSchedule(installation, named(name), 50);

async function until(
  name: string,
  holds: (report: ScheduleReport) => boolean,
): Promise<ScheduleReport> {
  for (;;) {
    const report = await show(name);
    if (holds(report)) return report;
    await pause(250);
  }
}

/** Waits for a server that was stopped. */
async function answering(name: string): Promise<void> {
  for (;;) {
    const answers = await show(name).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await pause(500);
  }
}

/** The run that a firing of this schedule is in. */
async function runningRun(name: string): Promise<string> {
  const { client } = installation;
  const prefix = `${loaded.request.project}-${name}-`;
  for (;;) {
    const query = 'WorkflowType = "fineTune" AND ExecutionStatus = "Running"';
    for await (const { workflowId } of client.workflow.list({ query })) {
      if (workflowId.startsWith(prefix)) return workflowId;
    }
    await pause(250);
  }
}

/** Fires once; signs the review if one opens. */
async function fire(name: string): Promise<ScheduleReport> {
  const before = (await show(name)).firings.length;
  await trigger(name);
  const ended = until(name, ({ firings }) => firings.length > before);
  const runId = await Promise.race([runningRun(name), ended.then(() => undefined)]);
  if (runId !== undefined) {
    const review = await installation.awaitReview(runId);
    if (review !== undefined) await installation.approve(review);
  }
  return ended;
}

describe('a schedule that fires', () => {
  it(
    'trains on new records, ends at once on those of its last run, and trains on changed ones',
    async () => {
      await create('nightly', DAILY);
      const [first] = (await fire('nightly')).firings;
      expect(first?.failure).toBeUndefined();
      expect(first).toMatchObject({
        outcome: 'ran',
        adapter: { name: loaded.request.adapter.name, version: 1, stage: 'candidate (demo)' },
      });
      const [second] = (await fire('nightly')).firings;
      expect(second).toMatchObject({ outcome: 'nothing-new', unchangedSince: first?.runId });
      expect(second).not.toHaveProperty('adapter');
      const lines = (await readFile(source, 'utf8')).trimEnd().split('\n');
      await writeFile(source, `${lines.slice(0, -3).join('\n')}\n`);
      const { firings, skipped } = await fire('nightly');
      expect(firings.map(({ outcome }) => outcome)).toEqual(['ran', 'nothing-new', 'ran']);
      expect(firings[0]?.adapter).toMatchObject({ version: 2, stage: 'candidate (demo)' });
      expect(firings[0]?.shards).not.toBe(first?.shards);
      expect(skipped).toEqual({ overlap: 0, missedCatchUp: 0 });
      const drift = await showDrift(installation, named('nightly'));
      expect(drift).toMatchObject({ before: first?.runId, after: firings[0]?.runId });
      const records = drift.sizes.find(({ name }) => name === 'records');
      expect(records?.after).toBeLessThan(records?.before ?? 0);
      // The records of what failed or was cancelled in between are not those of a finished run.
      expect((await fire('nightly')).firings[0]).toMatchObject({
        outcome: 'nothing-new',
        unchangedSince: firings[0]?.runId,
      });
    },
    10 * MINUTE,
  );

  it(
    'is refused once its standing submission has ended',
    async () => {
      await create('ended', { ...DAILY, paused: true });
      const input = await onSchedule(installation.client, named('ended'), async (handle) => {
        const { action } = await handle.describe();
        return action.args?.[0] as unknown;
      });
      await deleteSchedule(installation, named('ended'));
      const handle = await installation.client.workflow.start('scheduledRun', {
        taskQueue: 'control',
        workflowId: 'firing-after-its-end',
        args: [input],
      });
      await expect(handle.result()).rejects.toMatchObject({
        cause: { cause: { cause: { type: 'GATE_SHUT' } } },
      });
    },
    2 * MINUTE,
  );
});

describe('a firing that does not run', () => {
  it(
    'is skipped while the one before waits for a person, and counted',
    async () => {
      await writeFile(
        source,
        `${(await readFile(source, 'utf8')).split('\n').slice(0, -4).join('\n')}\n`,
      );
      await create('busy', { ...DAILY, everyMs: 2_000 });
      const runId = await runningRun('busy');
      expect(await installation.awaitReview(runId)).toBe(`${runId}-review`);
      const busy = await until('busy', ({ skipped }) => skipped.overlap >= 2);
      const { running } = busy;
      expect(running).toHaveLength(1);
      expect(busy.notFired.length).toBeGreaterThanOrEqual(2);
      expect(new Set(busy.notFired.map(({ why }) => why))).toEqual(new Set(['overlap']));
      expect(busy.notFired[0]?.during).toBe(running[0]);
      await onSchedule(installation.client, named('busy'), (handle) => handle.pause('test'));
      await installation.client.workflow.getHandle(running[0] ?? '').cancel();
      const { firings } = await until('busy', (report) => report.firings.length > 0);
      expect(firings).toMatchObject([{ outcome: 'cancelled', runId }]);
    },
    5 * MINUTE,
  );

  it(
    'pauses its schedule when it failed, with the reason in its record',
    async () => {
      await create('broken', DAILY);
      await rename(source, `${source}.aside`);
      try {
        await trigger('broken');
        const report = await until('broken', ({ paused, firings }) => paused && firings.length > 0);
        expect(report.firings).toMatchObject([
          { outcome: 'failed', failure: { code: 'SOURCE_MISSING' } },
        ]);
        expect(report.next).toEqual([]);
        expect(report.note).not.toBe('');
      } finally {
        await rename(`${source}.aside`, source);
      }
    },
    3 * MINUTE,
  );

  it(
    'is missed when the server was down for longer than the catch-up window',
    async () => {
      await create('late', { ...DAILY, everyMs: 3_000, paused: true });
      const { components } = await localStatus(installation.dataDir);
      const pid = components.find(({ name }) => name === 'temporal')?.pid ?? 0;
      expect(pid).toBeGreaterThan(0);
      await onSchedule(installation.client, named('late'), (handle) => handle.unpause('begin'));
      // The schedule's own workflow has to have heard of it before its server stops.
      await until('late', ({ paused }) => !paused);
      // Stopped, not killed: it comes back knowing what it had to do, and by then it is too late.
      process.kill(pid, 'SIGSTOP');
      try {
        await pause(25_000);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      await answering('late');
      const report = await until('late', ({ skipped }) => skipped.missedCatchUp > 0);
      expect(report.skipped.missedCatchUp).toBeGreaterThan(0);
      expect(report.notFired).toContainEqual({
        dueAt: expect.any(String) as string,
        why: 'not-started',
      });
      await onSchedule(installation.client, named('late'), (handle) => handle.pause('end'));
    },
    3 * MINUTE,
  );
});
