import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalEndpoints, ManagedProcess } from '../infra/local/index.js';

/** The worker of an embedded installation as a supervised process. */
export function workerProcess({ dataDir }: Pick<LocalEndpoints, 'dataDir'>): ManagedProcess {
  const ready = join(dataDir, 'worker.ready');
  return {
    name: 'worker',
    command: process.execPath,
    args: [
      '--enable-source-maps',
      fileURLToPath(new URL('../worker.js', import.meta.url)),
      '--data-dir',
      dataDir,
      '--ready',
      ready,
    ],
    env: {},
    readiness: { kind: 'file', path: ready },
    stopTimeoutMs: 20_000,
  };
}
