import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findBinary, LocalError } from '../../infra/local/index.js';

/** A MinIO server of a test, on loopback, with credentials and a folder of its own. */
export interface TestMinio {
  readonly endpoint: string;
  readonly port: number;
  readonly accessKey: string;
  readonly secretKey: string;
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** Starts it again on the same port and folder. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The path of a MinIO program that is there already; undefined where there is none. */
export async function findMinio(): Promise<string | undefined> {
  try {
    return (await findBinary('minio', { mayFetch: false })).path;
  } catch (error) {
    if (error instanceof LocalError && error.code === 'BINARY_MISSING') return undefined;
    throw error;
  }
}

export async function startTestMinio(binary: string): Promise<TestMinio> {
  const folder = await mkdtemp(join(tmpdir(), 'custos-minio-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${String(port)}`;
  const accessKey = randomBytes(8).toString('hex');
  const secretKey = randomBytes(16).toString('hex');
  const start = (): ChildProcess =>
    spawn(
      binary,
      ['server', '--quiet', '--address', `127.0.0.1:${String(port)}`, join(folder, 'd')],
      {
        stdio: 'ignore',
        env: {
          HOME: folder,
          MINIO_BROWSER: 'off',
          MINIO_UPDATE: 'off',
          MINIO_ROOT_USER: accessKey,
          MINIO_ROOT_PASSWORD: secretKey,
        },
      },
    );
  let child = start();
  const killNow = (): void => void child.kill('SIGKILL');
  process.once('exit', killNow);
  await untilReady(endpoint);
  const signal = async (name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> => {
    const ended = name === 'SIGKILL' && child.exitCode === null ? once(child, 'exit') : undefined;
    child.kill(name);
    await ended;
  };
  return {
    endpoint,
    port,
    accessKey,
    secretKey,
    signal,
    async restart() {
      child = start();
      await untilReady(endpoint);
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) await signal('SIGKILL');
      process.off('exit', killNow);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address === 'object' && address !== null) return address.port;
  throw new Error('no free port');
}

async function untilReady(endpoint: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    try {
      if ((await fetch(`${endpoint}/minio/health/ready`)).ok) return;
    } catch {
      // Not listening yet.
    }
    await delay(50);
  }
  throw new Error(`MinIO at ${endpoint} did not become ready`);
}
