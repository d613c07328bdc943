import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocal, type LocalServices } from '../../infra/local/index.js';
import { custos, type CliResult } from '../support/cli.js';

// Servers that somebody else runs, and an installation that knows them by its environment only.

const WORKER = fileURLToPath(new URL('../../dist/worker.js', import.meta.url));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let servers: LocalServices;
let dataDir: string;
let env: Record<string, string>;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  const theirs = await mkdtemp(join(tmpdir(), 'custos-theirs-'));
  servers = await startLocal({ dataDir: theirs, store: 's3', mode: 'foreground' });
  dataDir = await mkdtemp(join(tmpdir(), 'custos-ours-'));
  const { temporal, store } = servers;
  if (store.kind !== 's3') throw new Error('the test needs MinIO');
  env = {
    CUSTOS_TEMPORAL_ADDRESS: temporal.address,
    CUSTOS_TEMPORAL_NAMESPACE: temporal.namespace,
    CUSTOS_S3_ENDPOINT: store.endpoint,
    CUSTOS_S3_ACCESS_KEY: store.accessKey,
    CUSTOS_S3_SECRET_KEY: store.secretKey,
    CUSTOS_S3_DATA_BUCKET: 'ours-data',
    CUSTOS_S3_EVIDENCE_BUCKET: 'ours-evidence',
    CUSTOS_PASSPHRASE: 'correct horse battery',
  };
});

afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await servers.stop();
  await rm(servers.dataDir, { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
});

const run = (...args: string[]): Promise<CliResult> => custos(args, { dataDir, env });

async function startWorker(...args: string[]): Promise<{ child: ChildProcess; ready: string }> {
  const ready = join(dataDir, `ready-${String(workers.length)}`);
  const child = spawn(
    process.execPath,
    [WORKER, '--data-dir', dataDir, '--ready', ready, ...args],
    { env: { ...process.env, ...env }, stdio: 'ignore' },
  );
  workers.push(child);
  while (!existsSync(ready) && child.exitCode === null) await pause(50);
  expect(child.exitCode).toBeNull();
  return { child, ready };
}

interface RunFile {
  readonly baseModel: { readonly path: string };
  readonly dataset: {
    readonly sources: readonly { readonly name: string; readonly path: string }[];
  };
}

/** The sample's run file with one source of its four. */
async function writeRunFile(): Promise<string> {
  const run = parse(await readFile('samples/run.yaml', 'utf8')) as RunFile;
  const sources = run.dataset.sources
    .filter(({ name }) => name === 'banking')
    .map((source) => ({ ...source, path: resolve('samples', source.path) }));
  const baseModel = { ...run.baseModel, path: resolve('samples', run.baseModel.path) };
  const file = join(dataDir, 'run.yaml');
  await writeFile(file, stringify({ ...run, baseModel, dataset: { ...run.dataset, sources } }));
  return file;
}

async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    await pause(500);
  }
}

describe('servers that are not the embedded ones', () => {
  it('are found wanting before the buckets are there', async () => {
    const { status, stdout } = await run('--json', 'doctor');
    expect(status).toBe(5);
    const { checks } = JSON.parse(stdout) as { checks: { name: string; ok: boolean }[] };
    const ok = Object.fromEntries(checks.map((check) => [check.name, check.ok]));
    expect(ok).toMatchObject({ temporal: true, 'evidence bucket': false, 'data bucket': false });
    expect(ok).not.toHaveProperty('temporal program');
  });

  it('serve a run whose worker is drained in its middle', { timeout: 600_000 }, async () => {
    const first = await startWorker('--queues', 'control,records=1,train', '--grace-seconds', '2');
    expect((await run('doctor')).status).toBe(0);
    expect((await run('identity', 'create', 'engineer', '--role', 'submitter')).status).toBe(0);
    const submitted = await run('--json', 'run', await writeRunFile(), '--max-steps', '2');
    expect(submitted.output).toContain('runId');
    const { runId } = JSON.parse(submitted.stdout) as { runId: string };
    await until(async () => {
      const { stdout } = await run('--json', 'show', runId);
      return /"(redact|assess)"/.test(stdout) ? true : undefined;
    });
    first.child.kill('SIGTERM');
    const [code] = (await once(first.child, 'exit')) as [number | null];
    expect(code).toBe(0);
    expect(existsSync(first.ready)).toBe(false);
    await startWorker();
    const waiting = await until(async () => {
      const { stdout } = await run('--json', 'review', 'list');
      return stdout.includes(runId) ? stdout : undefined;
    });
    expect(waiting).toContain(runId);
  });

  it.each([
    [['runs'], { CUSTOS_TEMPORAL_ADDRESS: 'nowhere' }, 2, 'SERVERS_INVALID'],
    [['runs'], { CUSTOS_TEMPORAL_ADDRESS: '127.0.0.1:9' }, 5, 'NOT_RUNNING'],
    [['review', 'list'], { CUSTOS_S3_SECRET_KEY: 'wrong-secret' }, 5, 'STORE_DENIED'],
  ])('%j with %j is an error with a code', async (args, change, status, code) => {
    const result = await custos(args, { dataDir, env: { ...env, ...change } });
    expect([result.status, result.output]).toEqual([status, expect.stringContaining(code)]);
  });
});
