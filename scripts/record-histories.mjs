// Records the histories that test/replay replays: real runs on real servers through the built
// worker. Needs `npm run build`. Usage: node scripts/record-histories.mjs [--run samples/run.yaml]
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { loadRun } from '../dist/cli/load-files.js';
import { workerProcess } from '../dist/cli/local-worker.js';
import { saveDraft } from '../dist/cli/review-drafts.js';
import { decisionsFor, openReview, signReview } from '../dist/cli/review-work.js';
import { submitRun } from '../dist/cli/submit.js';
import { ensureDemoIdentities, unlockDemoIdentity } from '../dist/infra/identity/index.js';
import { localStatus, startLocal } from '../dist/infra/local/index.js';
import { openStores } from '../dist/infra/runtime/index.js';
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
  },
});

async function openInstallation() {
  const dataDir = await mkdtemp(join(tmpdir(), 'custos-histories-'));
  const local = await startLocal({
    dataDir,
    store: 's3',
    mode: 'foreground',
    processes: (endpoints) => [workerProcess(endpoints)],
  });
  const stores = await openStores(dataDir, local.store);
  const { address, namespace } = local.temporal;
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  await ensureDemoIdentities(stores.identityDir);
  const close = async () => {
    await connection.close();
    await stores.close();
    await local.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { dataDir, services: local, stores, client, close };
}

/** The sample with one source, few steps and short attacks: every stage works, none for long. */
function shorten(loaded, { maxSteps = 2, ...policy } = {}) {
  const { request } = loaded;
  const [source] = request.dataset.sources;
  const { model, [source.name]: records } = loaded.locations;
  const quick = { generations: 2, generationTokens: 8, extractionSequences: 2 };
  return {
    locations: { model, [source.name]: records },
    request: {
      ...request,
      dataset: { ...request.dataset, sources: [source] },
      train: { ...request.train, maxSteps },
    },
    policy: {
      ...loaded.policy,
      ingest: { ...loaded.policy.ingest, shardRecords: 512, ...policy.ingest },
      review: { ...loaded.policy.review, ...policy.review },
      audit: { ...loaded.policy.audit, ...quick },
    },
  };
}

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
      await awaitActivity(installation, `${runId}-train`, 'custos.train.v2');
      await installation.client.workflow.getHandle(runId).cancel();
    },
  },
  retry: {
    change: { maxSteps: 4, ingest: { shardRecords: 384 } },
    keep: ['fine-tune', 'train-and-audit'],
    play: async (installation, runId) => {
      await awaitActivity(installation, runId, 'custos.redact.shard.v1');
      await killWorker(installation);
      await awaitPhase(installation, runId);
      await sign(installation, runId, 'approved');
      await awaitActivity(installation, `${runId}-train`, 'custos.train.v2');
      await killWorker(installation);
    },
  },
};

const WORKFLOW_IDS = {
  'fine-tune': (runId) => runId,
  'review-gate': (runId) => `${runId}-review`,
  'train-and-audit': (runId) => `${runId}-train`,
};

/** Runs one case and writes its histories, sanitized. */
async function record(installation, loaded, name) {
  const { change, keep, play } = CASES[name];
  const runId = await submit(installation, shorten(loaded, change));
  await play(installation, runId);
  await ended(installation, runId);
  const replacements = [
    [installation.dataDir, '/installation'],
    ...Object.values(loaded.locations).map((path) => [path, `/data/${basename(path)}`]),
    [root, '/custos'],
    [modulesRoot, '/custos'],
  ];
  for (const workflow of keep) {
    const handle = installation.client.workflow.getHandle(WORKFLOW_IDS[workflow](runId));
    const recorded = History.toObject(await handle.fetchHistory(), {
      enums: String,
      longs: String,
      bytes: String,
    });
    const history = sanitizeHistory(recorded, replacements);
    await write(`${workflow}.${name}.json`, handle.workflowId, history);
  }
  const { status } = await installation.client.workflow.getHandle(runId).describe();
  console.log(`${name}: ${runId} is ${status.name}`);
}

/** Replays a history before it is written: one that does not replay is no fixture. */
async function write(file, workflowId, history) {
  await Worker.runReplayHistory(
    { workflowBundle: { codePath: join(root, 'dist/workflows/bundle.js') }, replayName: file },
    History.fromObject(history),
    workflowId,
  );
  const events = history.events.map((event) => JSON.stringify(event));
  const text = `{"workflowId":${JSON.stringify(workflowId)},"events":[\n${events.join(',\n')}\n]}\n`;
  await writeFile(join(values.out, file), text);
  console.log(`${file}: ${events.length} events, ${Math.ceil(text.length / 1000)} kB`);
}

Runtime.install({ logger: new DefaultLogger('ERROR') });
await mkdir(values.out, { recursive: true });
const loaded = await loadRun(values.run);
const installation = await openInstallation();
try {
  const play = (name) => record(installation, loaded, name);
  await play('approve');
  await play('reuse');
  await play('waive');
  // These wait for people and minutes, not for the processor.
  await Promise.all(['reject', 'escalate', 'expire', 'cancel-review'].map(play));
  await play('cancel-train');
  await play('retry');
} catch (error) {
  const log = await readFile(join(installation.dataDir, 'logs/worker.log'), 'utf8').catch(() => '');
  console.error(log.slice(-4000));
  throw error;
} finally {
  await installation.close();
}
