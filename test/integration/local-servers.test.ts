import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client as TemporalClient, Connection } from '@temporalio/client';
import { Client as S3Client } from 'minio';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  connectLocal,
  identifyProcess,
  listeningSockets,
  type LocalEndpoints,
  type LocalServices,
  localStatus,
  setupMinio,
  setupTemporal,
  startLocal,
  type StoreEndpoint,
  stopLocal,
} from '../../infra/local/index.js';

const BUILD_LIMIT_MS = 40 * 60_000;
const GONE_LIMIT_MS = 8_000;
const dataDirs: string[] = [];
// Servers start in a second on an idle machine and in ten on a busy one.
vi.setConfig({ testTimeout: 180_000 });

async function newDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'custos-local-'));
  dataDirs.push(dataDir);
  return dataDir;
}

async function componentPids(dataDir: string): Promise<readonly number[]> {
  const { components } = await localStatus(dataDir);
  return components.flatMap(({ pid }) => pid ?? []);
}

async function isGoneSoon(pid: number): Promise<boolean> {
  const deadline = Date.now() + GONE_LIMIT_MS;
  while (identifyProcess(pid) !== undefined) {
    if (Date.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}

async function areGoneSoon(pids: readonly number[]): Promise<boolean> {
  return (await Promise.all(pids.map(isGoneSoon))).every(Boolean);
}

function s3Of(store: StoreEndpoint): S3Client {
  if (store.kind !== 's3') throw new Error('the test needs MinIO');
  const { endpoint, accessKey, secretKey } = store;
  const { hostname, port } = new URL(endpoint);
  return new S3Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    accessKey,
    secretKey,
  });
}

async function withTemporal<T>(
  { temporal }: LocalEndpoints,
  work: (client: TemporalClient) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect({ address: temporal.address });
  try {
    return await work(new TemporalClient({ connection, namespace: temporal.namespace }));
  } finally {
    await connection.close();
  }
}

/** A Node process that starts the servers of `dataDir`, prints a line and then waits or exits. */
async function startCaller(dataDir: string, mode: 'foreground' | 'detached') {
  const door = fileURLToPath(new URL('../../dist/infra/local/index.js', import.meta.url));
  const code = `
    const { startLocal } = await import(${JSON.stringify(door)});
    await startLocal(${JSON.stringify({ dataDir, mode, store: 's3' })});
    console.log('up');
    ${mode === 'foreground' ? 'setInterval(() => undefined, 1000);' : ''}`;
  const caller = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(caller, 'exit');
  await Promise.race([once(createInterface({ input: caller.stdout }), 'line'), exited]);
  return { caller, exited };
}

/** Children of a process whose command line holds `text`, from proc(5). */
async function childrenOf(parent: number, text: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const isChild = new RegExp(`^PPid:\\s+${String(parent)}$`, 'm').test(status);
      return isChild && command.includes(text) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

beforeAll(async () => {
  await Promise.all([setupTemporal(), setupMinio()]);
}, BUILD_LIMIT_MS);

afterEach(async () => {
  for (const dataDir of dataDirs.splice(0)) {
    await stopLocal(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  }
});

describe('startLocal', () => {
  it('binds loopback only, keeps its directory private and has no default credentials', async () => {
    const dataDir = await newDataDir();
    const services = await startLocal({ dataDir, store: 's3', ui: true });

    const status = await localStatus(dataDir);
    expect(status.components.map(({ name, health }) => `${name} ${health}`)).toEqual([
      'temporal ready',
      'minio ready',
    ]);
    // MinIO binds all loopback addresses, whichever it is told.
    const allowed: Readonly<Record<string, readonly string[]>> = {
      temporal: ['127.0.0.1'],
      minio: ['127.0.0.1', '::1'],
    };
    for (const { name, pid = 0, port } of status.components) {
      const sockets = (await listeningSockets(pid)) ?? [];
      expect(sockets.map((socket) => socket.port)).toContain(port);
      const addresses = new Set(sockets.map(({ address }) => address));
      expect(addresses).toContain('127.0.0.1');
      expect([...addresses].filter((address) => !allowed[name]?.includes(address))).toEqual([]);
    }
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    expect((await stat(join(dataDir, 'config.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(dataDir, 'logs', 'temporal.log'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(dataDir, 'temporal', 'temporal.db'))).mode & 0o777).toBe(0o600);
    expect(services.store).toMatchObject({
      accessKey: expect.stringMatching(/^custos[0-9a-f]{20}$/) as string,
    });
    await expect(fetch(services.temporal.uiUrl ?? '').then(({ ok }) => ok)).resolves.toBe(true);
  });

  it('keeps workflows and objects over a stop and a start, on the same ports', async () => {
    const dataDir = await newDataDir();
    const before = await startLocal({ dataDir, store: 's3' });
    await s3Of(before.store).makeBucket('kept', '', { ObjectLocking: true });
    await s3Of(before.store).putObject('kept', 'a', 'bytes');
    await withTemporal(before, (client) =>
      client.workflow.start('unknown', { workflowId: 'kept', taskQueue: 'none' }),
    );
    const pids = await componentPids(dataDir);
    await before.stop();
    expect(await areGoneSoon(pids)).toBe(true);

    const after = await startLocal({ dataDir });
    expect({ ...after.temporal, ...after.store }).toEqual({ ...before.temporal, ...before.store });
    expect((await s3Of(after.store).statObject('kept', 'a')).size).toBe(5);
    const retention = await withTemporal(after, async (client) => {
      expect((await client.workflow.getHandle('kept').describe()).status.name).toBe('RUNNING');
      return client.workflowService.describeNamespace({ namespace: 'custos' });
    });
    expect(Number(retention.config?.workflowExecutionRetentionTtl?.seconds)).toBe(90 * 24 * 3600);
  });

  it('lets two directories run side by side, and two starts of one share it', async () => {
    const [first, second] = [await newDataDir(), await newDataDir()];
    const services = await Promise.all(
      [first, first, second].map((dataDir) => startLocal({ dataDir, store: 's3' })),
    );
    const addresses = services.map(({ temporal }) => temporal.address);
    expect(addresses[0]).toBe(addresses[1]);
    expect(addresses[2]).not.toBe(addresses[0]);
    expect(services.slice(0, 2).filter(({ owned }) => owned)).toHaveLength(1);
    expect(await componentPids(first)).toHaveLength(2);
    expect(await componentPids(second)).toHaveLength(2);

    const joined = services.slice(0, 2).find(({ owned }) => !owned) as LocalServices;
    await joined.stop();
    await expect(connectLocal(first)).resolves.toMatchObject({ temporal: joined.temporal });
  });

  it('stores in plain files without a server, and keeps to that', async () => {
    const dataDir = await newDataDir();
    const services = await startLocal({ dataDir, store: 'files' });
    expect(services.store).toEqual({ kind: 'files', root: join(dataDir, 'store') });
    expect(await localStatus(dataDir)).toMatchObject({ store: 'files', writeOnce: false });
    await expect(startLocal({ dataDir, store: 's3' })).rejects.toMatchObject({
      code: 'STORE_MISMATCH',
    });
  });

  it('takes another port when the one of last time is in use', async () => {
    const [first, second] = [await newDataDir(), await newDataDir()];
    const services = await startLocal({ dataDir: first, store: 'files' });
    const mine = await readFile(join(first, 'config.json'), 'utf8');
    await writeFile(join(second, 'config.json'), mine, { mode: 0o600 });
    const others = await startLocal({ dataDir: second });
    expect(others.temporal.address).not.toBe(services.temporal.address);
  });

  it('gives up a process that cannot stay up, says where its log is and stops the rest', async () => {
    const dataDir = await newDataDir();
    const broken = {
      name: 'worker',
      command: process.execPath,
      args: ['-e', 'process.exit(3)'],
      env: {},
      readiness: { kind: 'alive', afterMs: 5_000 },
      maxRestarts: 1,
    } as const;
    const started = startLocal({ dataDir, store: 'files', processes: () => [broken] });
    await expect(started).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringContaining(join(dataDir, 'logs', 'worker.log')) as string,
    });
    expect(await componentPids(dataDir)).toEqual([]);
  });
});

describe('the supervisor', () => {
  it('ends with a caller that was killed', async () => {
    const dataDir = await newDataDir();
    const { caller } = await startCaller(dataDir, 'foreground');
    const pids = await componentPids(dataDir);
    expect(pids).toHaveLength(2);
    caller.kill('SIGKILL');
    expect(await areGoneSoon(pids)).toBe(true);
  });

  it('takes its processes with it when it is killed, and the next start heals what it left', async () => {
    const dataDir = await newDataDir();
    await startCaller(dataDir, 'detached');
    const { supervisorPid = 0 } = await localStatus(dataDir);
    const pids = await componentPids(dataDir);
    process.kill(supervisorPid, 'SIGKILL');
    expect(await areGoneSoon(pids)).toBe(true);
    await expect(connectLocal(dataDir)).rejects.toMatchObject({ code: 'NOT_RUNNING' });

    const again = await startLocal({ dataDir });
    expect(again.owned).toBe(true);
    expect((await localStatus(dataDir)).components.every(({ health }) => health === 'ready')).toBe(
      true,
    );
  });

  it('leaves no server that the next start would not end, even when its watchdog dies with it', async () => {
    const dataDir = await newDataDir();
    await startCaller(dataDir, 'detached');
    const { supervisorPid = 0 } = await localStatus(dataDir);
    const pids = await componentPids(dataDir);
    // Stopped first, or it would replace the watchdog.
    process.kill(supervisorPid, 'SIGSTOP');
    const watchdogs = await childrenOf(supervisorPid, 'custos-guard');
    expect(watchdogs).toHaveLength(1);
    for (const pid of [...watchdogs, supervisorPid]) process.kill(pid, 'SIGKILL');
    expect(await areGoneSoon([...watchdogs, supervisorPid])).toBe(true);
    expect(pids.every((pid) => identifyProcess(pid) !== undefined)).toBe(true);

    const again = await startLocal({ dataDir });
    expect(again.owned).toBe(true);
    expect(pids.map(identifyProcess)).toEqual([undefined, undefined]);
  });

  it('outlives its caller after up, starts a killed server again and ends on down', async () => {
    const dataDir = await newDataDir();
    const { exited } = await startCaller(dataDir, 'detached');
    expect(await exited).toEqual([0, null]);
    const [temporalPid = 0] = await componentPids(dataDir);
    process.kill(temporalPid, 'SIGKILL');
    await expect
      .poll(async () => (await localStatus(dataDir)).components[0], { timeout: 20_000 })
      .toMatchObject({ health: 'ready', restarts: 1, lastExit: 'SIGKILL' });

    const pids = await componentPids(dataDir);
    expect(await stopLocal(dataDir)).toBe(true);
    expect(pids.map(identifyProcess)).toEqual([undefined, undefined]);
    expect(await stopLocal(dataDir)).toBe(false);
  });

  const heldBy = { pid: process.pid, startId: 'an earlier boot:1' };
  it.each([
    ['a lock of a dead process', 'up.lock', JSON.stringify(heldBy)],
    ['a lock that was cut short', 'up.lock', '{"pid":'],
    ['a state file that was cut short', 'state.json', '{"version":1,'],
    [
      'a state file whose process numbers belong to others now',
      'state.json',
      JSON.stringify({
        version: 1,
        supervisor: heldBy,
        mode: 'detached',
        startedAt: '2026-01-01T00:00:00Z',
        components: [{ name: 'temporal', process: heldBy, health: 'ready', log: 'x' }],
      }),
    ],
  ])('starts over %s', async (_, file, text) => {
    const dataDir = await newDataDir();
    await writeFile(join(dataDir, file), text);
    const services = await startLocal({ dataDir, store: 'files' });
    expect(services.owned).toBe(true);
  });
});
