// Records the histories that test/replay replays: real runs on real servers through the built
// worker. Needs `npm run build`. Usage: node scripts/record-histories.mjs [--run samples/run.yaml]
// [--only CASE]: histories of runs that began before a change stay, and new cases come beside them
import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import proto from '@temporalio/proto';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { loadRun } from '../dist/cli/load-files.js';
import { saveDraft } from '../dist/cli/review-drafts.js';
import { decisionsFor, openReview, signReview } from '../dist/cli/review-work.js';
import { createSchedule, onSchedule, OVERLAPS, showSchedule } from '../dist/cli/schedules.js';
import { submitRun } from '../dist/cli/submit.js';
import { unlockDemoIdentity } from '../dist/infra/identity/index.js';
import { localStatus } from '../dist/infra/local/index.js';
import { STEPS } from '../dist/policies/index.js';
import { openInstallation, shorten } from './recording-installation.mjs';
import { sanitizeHistory } from './sanitize-history.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const POLL_MS = 100;
const { History } = proto.temporal.api.history.v1;
// Stack traces name modules by where they really are.
const modulesRoot = dirname(await realpath(join(root, 'node_modules')));

const { values } = parseArgs({
  options: {
    run: { type: 'string', default: join(root, 'samples/run.yaml') },
    out: { type: 'string', default: join(root, 'test/histories') },
    only: { type: 'string' },
  },
});

const person = ({ stores }, subject) => unlockDemoIdentity(stores.identityDir, subject);

async function submit(installation, loaded) {
  const { runId } = await submitRun(
    installation,
    loaded,
    await person(installation, 'demo-engineer'),
  );
  return runId;
}

/** Waits until the review gate of a run is in one of the phases. */
async function awaitPhase({ client }, runId, phases = ['open', 'reminded', 'escalated']) {
  const review = client.workflow.getHandle(`${runId}-review`);
  for (;;) {
    const { status } = await client.workflow.getHandle(runId).describe();
    if (status.name !== 'RUNNING') throw new Error(`${runId} is ${status.name} before its review`);
    const state = await review.query('review').catch(() => undefined);
    if (phases.includes(state?.phase)) return;
    await sleep(POLL_MS);
  }
}

async function sign(installation, runId, verdict, subject = 'demo-reviewer') {
  const review = await openReview(installation, runId);
  const approved = review.batch.items.map(({ id }) => ({ itemId: id, action: 'approve' }));
  const decisions = decisionsFor(review.batch, approved);
  const signer = await person(installation, subject);
  if (subject === 'demo-reviewer') await saveDraft(installation, review, approved, signer);
  await signReview(installation, review, decisions, { verdict, person: signer });
}

/** Waits until an activity of this type is being worked on, or its workflow has ended. */
async function awaitActivity({ client }, workflowId, type) {
  for (;;) {
    const { raw } = await client.workflow
      .getHandle(workflowId)
      .describe()
      .catch(() => ({ raw: {} }));
    const pending = (raw.pendingActivities ?? []).filter(
      ({ activityType }) => activityType?.name === type,
    );
    if (pending.some(({ state }) => state === 2)) return;
    await sleep(POLL_MS / 4);
  }
}

async function killWorker({ dataDir }) {
  const { components } = await localStatus(dataDir);
  process.kill(components.find(({ name }) => name === 'worker').pid, 'SIGKILL');
}

const ended = ({ client }, runId) =>
  client.workflow
    .getHandle(runId)
    .result()
    .catch(() => undefined);

/** Name of the case -> what happens to its run, and which workflows of it are kept. */
const CASES = {
  approve: {
    keep: ['fine-tune', 'review-gate', 'train-and-audit'],
    play: async (installation, runId) => {
      await awaitPhase(installation, runId);
      // The submitter's own signature is refused, and the gate stays open.
      await sign(installation, runId, 'approved', 'demo-engineer').catch(() => undefined);
      await sign(installation, runId, 'approved');
    },
  },
  reuse: { keep: ['fine-tune', 'train-and-audit'], play: () => undefined },
  waive: {
    change: { review: { required: false } },
    keep: ['fine-tune'],
    play: () => undefined,
  },
  reject: {
    change: { review: { maxUncertain: 4999 } },
    keep: ['fine-tune', 'review-gate'],
    play: async (installation, runId) => {
      await awaitPhase(installation, runId);
      await sign(installation, runId, 'refused');
    },
  },
  escalate: {
    change: { review: { remindAfterMinutes: 1, escalateAfterMinutes: 1 } },
    keep: ['fine-tune', 'review-gate'],
    play: async (installation, runId) => {
      await awaitPhase(installation, runId, ['escalated']);
      await sign(installation, runId, 'approved');
    },
  },
  expire: {
    change: { review: { remindAfterMinutes: 1, escalateAfterMinutes: 1, expireAfterMinutes: 1 } },
    keep: ['fine-tune', 'review-gate'],
    play: () => undefined,
  },
  'cancel-review': {
    change: { review: { maxUncertain: 4998 } },
    keep: ['fine-tune', 'review-gate'],
    play: async (installation, runId) => {
      await awaitPhase(installation, runId);
      await installation.client.workflow.getHandle(runId).cancel();
    },
  },
  'cancel-train': {
    change: { maxSteps: 500 },
    keep: ['fine-tune', 'train-and-audit'],
    play: async (installation, runId) => {
      await awaitActivity(installation, `${runId}-train`, STEPS.train.name);
      await installation.client.workflow.getHandle(runId).cancel();
    },
  },
  ranges: {
    change: { maxSteps: 4, review: { required: false }, ingest: { shardRecords: 384 } },
    keep: ['fine-tune'],
    play: () => undefined,
  },
  retry: {
    change: { maxSteps: 4, ingest: { shardRecords: 384 } },
    keep: ['fine-tune', 'train-and-audit'],
    play: async (installation, runId) => {
      await awaitActivity(installation, runId, STEPS.redactShard.name);
      await killWorker(installation);
      await awaitPhase(installation, runId);
      await sign(installation, runId, 'approved');
      await awaitActivity(installation, `${runId}-train`, STEPS.train.name);
      await killWorker(installation);
    },
  },
};

const WORKFLOW_IDS = {
  'fine-tune': (runId) => runId,
  'review-gate': (runId) => `${runId}-review`,
  'train-and-audit': (runId) => `${runId}-train`,
};

/** Writes the history of a workflow, sanitized. */
async function keep({ client, dataDir }, { locations }, workflowId, file) {
  const recorded = History.toObject(await client.workflow.getHandle(workflowId).fetchHistory(), {
    enums: String,
    longs: String,
    bytes: String,
  });
  const history = sanitizeHistory(recorded, [
    [dataDir, '/installation'],
    ...Object.values(locations).map((path) => [path, `/data/${basename(path)}`]),
    [root, '/custos'],
    [modulesRoot, '/custos'],
  ]);
  await write(file, workflowId, history);
}

/** Runs one case and writes its histories. */
async function record(installation, loaded, name) {
  const { change, keep: kept, play } = CASES[name];
  const runId = await submit(installation, shorten(loaded, change));
  await play(installation, runId);
  await ended(installation, runId);
  for (const workflow of kept) {
    const workflowId = WORKFLOW_IDS[workflow](runId);
    await keep(installation, loaded, workflowId, `${workflow}.${name}.json`);
  }
  const { status } = await installation.client.workflow.getHandle(runId).describe();
  console.log(`${name}: ${runId} is ${status.name}`);
}

/** Fires a schedule once and writes the history of the firing, not of its run. */
async function fire(installation, loaded, schedule, outcome) {
  const { client } = installation;
  const before = (await showSchedule(installation, schedule, 9)).firings.length;
  await onSchedule(client, schedule, (handle) => handle.trigger(OVERLAPS.skip));
  for (;;) {
    const { firings } = await showSchedule(installation, schedule, 9);
    if (firings.length > before) {
      if (firings[0].outcome !== outcome)
        throw new Error(`the firing came to ${firings[0].outcome}`);
      break;
    }
    await sleep(POLL_MS);
  }
  const { info } = await onSchedule(client, schedule, (handle) => handle.describe());
  const { workflowId } = info.recentActions.at(-1).action.workflow;
  await ended(installation, workflowId);
  await keep(installation, loaded, workflowId, `scheduled-run.${outcome}.json`);
}

/** A schedule over what the other cases have computed and approved: it trains nothing anew. */
async function recordSchedule(installation, loaded) {
  const schedule = { project: loaded.request.project, name: 'nightly' };
  const submitter = await person(installation, 'demo-engineer');
  await createSchedule(installation, schedule.name, shorten(loaded), submitter, {
    everyMs: 86_400_000,
    timezone: 'UTC',
    jitterMs: 0,
    catchUpMs: 10_000,
    overlap: 'skip',
    pauseOnFailure: true,
    paused: true,
  });
  await fire(installation, loaded, schedule, 'ran');
  await fire(installation, loaded, schedule, 'nothing-new');
}

/** Replays a history before it is written: one that does not replay is no fixture. */
async function write(file, workflowId, history) {
  await Worker.runReplayHistory(
    {
      workflowBundle: { codePath: join(root, 'dist/workflows/bundle.js') },
      replayName: file,
      sinks: { exporter: { export: { fn: () => undefined } } },
    },
    History.fromObject(history),
    workflowId,
  );
  const events = history.events.map((event) => JSON.stringify(event));
  const text = `{"workflowId":${JSON.stringify(workflowId)},"events":[\n${events.join(',\n')}\n]}\n`;
  await writeFile(join(values.out, file), text);
  console.log(`${file}: ${events.length} events, ${Math.ceil(text.length / 1000)} kB`);
}

async function recordAll(play, playSchedule) {
  await play('approve');
  await play('reuse');
  await play('waive');
  await playSchedule();
  // These wait for people and minutes, not for the processor.
  await Promise.all(['reject', 'escalate', 'expire', 'cancel-review'].map(play));
  await play('cancel-train');
  await play('ranges');
  await play('retry');
}

Runtime.install({ logger: new DefaultLogger('ERROR') });
await mkdir(values.out, { recursive: true });
const loaded = await loadRun(values.run);
const installation = await openInstallation();
try {
  const play = (name) => record(installation, loaded, name);
  if (values.only === undefined) await recordAll(play, () => recordSchedule(installation, loaded));
  else await play(values.only);
} catch (error) {
  const log = await readFile(join(installation.dataDir, 'logs/worker.log'), 'utf8').catch(() => '');
  console.error(log.slice(-4000));
  throw error;
} finally {
  await installation.close();
}
