import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES, STEPS } from '../../policies/index.js';
import type { RunOutcome } from '../../workflows/messages.js';
import { smallRun, startInstallation, type Installation } from '../support/installation.js';
import { startOtlpReceiver, type OtlpReceiver } from '../support/otlp-receiver.js';
import { findValues, plantedValues } from '../support/planted-values.js';

const MINUTE = 60_000;
const BUNDLE = '../../dist/workflows/bundle.js';

let installation: Installation;
let receiver: OtlpReceiver;
let outcome: RunOutcome;
let logFile: string;
let logDir: string;
let own: string;
let temporal: string;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const scrape = async (port: number): Promise<string> =>
  (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  receiver = await startOtlpReceiver();
  logDir = await mkdtemp(join(tmpdir(), 'custos-telemetry-'));
  logFile = join(logDir, 'worker.jsonl');
  const metrics = await freePort();
  const temporalMetrics = await freePort();
  const variables = {
    CUSTOS_WORKER_LOG_LEVEL: 'debug',
    CUSTOS_WORKER_LOG_FILE: logFile,
    CUSTOS_WORKER_METRICS: String(metrics),
    CUSTOS_WORKER_TEMPORAL_METRICS: String(temporalMetrics),
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  };
  Object.assign(process.env, variables);
  installation = await startInstallation({ store: 'files' });
  for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name);
  outcome = await installation.run(await smallRun(2));
  own = await scrape(metrics);
  temporal = await scrape(temporalMetrics);
}, 8 * MINUTE);

afterAll(async () => {
  await installation.close();
  receiver.close();
  await rm(logDir, { recursive: true, force: true });
}, MINUTE);

const linesOf = async (): Promise<readonly Readonly<Record<string, unknown>>[]> =>
  (await readFile(logFile, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Ids of the workflows that a query finds. */
async function found(query: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId } of installation.client.workflow.list({ query }))
    ids.push(workflowId);
  return ids.sort();
}

describe('search attributes', () => {
  it('find a run and its children', async () => {
    const { runId } = outcome;
    const verdict = outcome.shutGates.length === 0 ? 'candidate' : 'held';
    await expect.poll(() => found(`${SEARCH_ATTRIBUTES.outcome} = "${verdict}"`)).toEqual([runId]);
    const family = [runId, `${runId}-review`, `${runId}-train`];
    const adapter = `${SEARCH_ATTRIBUTES.adapter} = "${outcome.adapter.name}"`;
    expect(await found(adapter)).toEqual(family);
    expect(await found(`${adapter} AND ${SEARCH_ATTRIBUTES.policy} = "sample"`)).toEqual(family);
    expect(await found(`${adapter} AND ${SEARCH_ATTRIBUTES.stage} = "audit"`)).toEqual([
      `${runId}-train`,
    ]);
    expect(await found(`${SEARCH_ATTRIBUTES.adapter} = "another"`)).toEqual([]);
  });
});

describe('metrics', () => {
  it.each([
    `custos_steps_total{step="${STEPS.train.name}",outcome="computed",code=""} 1`,
    `custos_steps_total{step="${STEPS.ingest.name}",outcome="computed",code=""} 1`,
    'custos_steps_total{step="openRun",outcome="done",code=""} 1',
    `custos_step_duration_seconds_count{step="${STEPS.train.name}",outcome="done"} 1`,
    'custos_heartbeat_age_seconds 0',
  ])('count %s', (line) => {
    expect(own.split('\n')).toContain(line);
  });

  it.each([
    new RegExp(`^custos_records_total\\{step="${STEPS.ingest.name}",direction="in"\\} [1-9]`, 'm'),
    new RegExp(`^custos_bytes_total\\{step="${STEPS.ingest.name}",direction="out"\\} [1-9]`, 'm'),
    /^custos_queue_seconds_count\{queue="records"\} [1-9]/m,
    /^custos_store_seconds_count\{operation="put",outcome="done"\} [1-9]/m,
    /^custos_ledger_seconds_count\{operation="append",outcome="done"\} [1-9]/m,
    /^# TYPE custos_step_retries_total counter$/m,
  ])('hold %s', (line) => {
    expect(own).toMatch(line);
  });

  it("hold Temporal's own", () => {
    expect(temporal).toMatch(/^temporal_activity_succeed_endtoend_latency/m);
    expect(temporal).toMatch(/^temporal_workflow_completed/m);
  });

  it('have no label that names a run', () => {
    expect(own).not.toContain(outcome.runId);
    expect(own).not.toContain('sha256:');
    // Every activity is in the list that labels come from.
    expect(own).not.toContain('="other"');
  });
});

describe('logs', () => {
  it('tell of each step: run, step, digest, attempt, queue, times and outcome', async () => {
    const lines = await linesOf();
    const ofTraining = lines.filter(({ step }) => step === STEPS.train.name);
    expect(ofTraining).toContainEqual(
      expect.objectContaining({
        level: 'info',
        msg: 'an activity ended',
        workflowId: `${outcome.runId}-train`,
        queue: 'train',
        attempt: 1,
        queueMs: expect.any(Number) as number,
        durationMs: expect.any(Number) as number,
        outcome: 'done',
      }),
    );
    expect(ofTraining).toContainEqual(
      expect.objectContaining({
        msg: 'a step is done',
        runId: outcome.runId,
        outcome: 'computed',
        digest: expect.stringMatching(/^sha256:/) as string,
      }),
    );
  });

  it("hold Temporal's lines", async () => {
    const messages = (await linesOf()).map(({ msg }) => msg);
    expect(messages).toContain('Workflow completed');
    expect(messages).toContain('Worker state changed');
  });
});

describe('traces', () => {
  it('lead from a workflow through its steps to store and ledger', async () => {
    const names = () => new Set(receiver.spans().map(({ name }) => name));
    await expect
      .poll(() => [...names()], { timeout: MINUTE })
      .toEqual(
        expect.arrayContaining([
          'RunWorkflow:fineTune',
          `StartActivity:${STEPS.train.name}`,
          `RunActivity:${STEPS.train.name}`,
          'custos.store.put',
          'custos.ledger.append',
        ]),
      );
    const spans = receiver.spans();
    const traceOf = (name: string) => spans.find((span) => span.name === name)?.traceId;
    expect(traceOf(`RunActivity:${STEPS.train.name}`)).toBe(traceOf('RunWorkflow:trainAndAudit'));
    expect(traceOf('RunWorkflow:trainAndAudit')).toBe(traceOf('RunWorkflow:fineTune'));
  });

  it('name artifacts by digest and hold listed attributes only', () => {
    const keys = new Set(
      receiver.spans().flatMap(({ attributes }) => attributes.map(({ key }) => key)),
    );
    expect(keys).toContain('digest');
    for (const key of keys) expect(key).not.toMatch(/memo|search|exception|message/i);
  });
});

describe('the interceptors', () => {
  it.each(['', '-review', '-train'])('leave a history that replays: RUN%s', async (suffix) => {
    const workflowId = `${outcome.runId}${suffix}`;
    const history = await installation.client.workflow.getHandle(workflowId).fetchHistory();
    const workflowBundle = { codePath: fileURLToPath(new URL(BUNDLE, import.meta.url)) };
    const sinks = { exporter: { export: { fn: () => undefined } } };
    await expect(
      Worker.runReplayHistory({ workflowBundle, sinks }, history, workflowId),
    ).resolves.toBeUndefined();
  });
});

describe('what goes out', () => {
  const values = plantedValues(
    ['banking.csv'],
    ['PERSON', 'EMAIL_ADDRESS', 'PHONE_NUMBER', 'STREET_ADDRESS'],
  );

  it('holds nothing that was planted in the records', async () => {
    expect(values.length).toBeGreaterThan(20);
    const log = await readFile(logFile);
    const everything: readonly (readonly [string, Uint8Array])[] = [
      ['the log', log],
      ['our metrics', Buffer.from(own)],
      ["Temporal's metrics", Buffer.from(temporal)],
      ['the traces', receiver.bytes()],
    ];
    for (const [name, bytes] of everything) {
      const planted = Buffer.concat([bytes, Buffer.from(`{"note":"${values[3] ?? ''}"}`)]);
      expect(findValues(planted, values), `${name}, with one planted`).toEqual([values[3]]);
      expect(findValues(bytes, values), name).toEqual([]);
    }
  });
});
