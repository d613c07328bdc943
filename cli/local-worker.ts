import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalEndpoints, ManagedProcess } from '../infra/local/index.js';

/** The compiled worker; seen from the TypeScript sources (tests), it lies under dist/. */
function workerEntry(): string {
  const built = import.meta.url.endsWith('.js');
  return fileURLToPath(new URL(built ? '../worker.js' : '../dist/worker.js', import.meta.url));
}

/** The worker of an embedded installation as a supervised process. */
export function workerProcess({ dataDir }: Pick<LocalEndpoints, 'dataDir'>): ManagedProcess {
  const ready = join(dataDir, 'worker.ready');
  return {
    name: 'worker',
    command: process.execPath,
    args: ['--enable-source-maps', workerEntry(), '--data-dir', dataDir, '--ready', ready],
    env: {},
    readiness: { kind: 'file', path: ready },
    stopTimeoutMs: 20_000,
  };
}
