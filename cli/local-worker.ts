import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TaskQueue } from '../policies/index.js';
import type { LocalEndpoints, ManagedProcess } from '../infra/local/index.js';
import { telemetryEnvironment } from '../infra/telemetry/index.js';

/** The compiled worker; seen from the TypeScript sources (tests), it lies under dist/. */
function workerEntry(): string {
  const built = import.meta.url.endsWith('.js');
  return fileURLToPath(new URL(built ? '../worker.js' : '../dist/worker.js', import.meta.url));
}

/** The most worker processes that one installation starts. */
export const MAX_WORKERS = 64;

/** The workers of an embedded installation: one for every queue, the others for `records` alone. */
export function workerProcesses(
  endpoints: Pick<LocalEndpoints, 'dataDir'>,
  count: number,
): readonly ManagedProcess[] {
  const more = Array.from({ length: count - 1 }, (_, index) =>
    workerProcess(endpoints, { name: `worker-${String(index + 2)}`, queues: ['records'] }),
  );
  return [workerProcess(endpoints), ...more];
}

/** A worker of an embedded installation as a supervised process; by default for every queue. */
export function workerProcess(
  { dataDir }: Pick<LocalEndpoints, 'dataDir'>,
  { name = 'worker', queues }: { name?: string; queues?: readonly TaskQueue[] } = {},
): ManagedProcess {
  const ready = join(dataDir, `${name}.ready`);
  const only = queues === undefined ? [] : ['--queues', queues.join(',')];
  return {
    name,
    command: process.execPath,
    args: [
      ...['--enable-source-maps', workerEntry(), '--data-dir', dataDir, '--ready', ready],
      ...only,
    ],
    env: telemetryEnvironment(process.env),
    readiness: { kind: 'file', path: ready },
    stopTimeoutMs: 20_000,
  };
}
