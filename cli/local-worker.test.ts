import { describe, expect, it } from 'vitest';
import { workerProcesses } from './local-worker.js';

describe('the workers of an installation', () => {
  it('are one for every queue, and further ones for records alone, each with its own ready file', () => {
    const processes = workerProcesses({ dataDir: '/data' }, 3);
    expect(processes.map(({ name }) => name)).toEqual(['worker', 'worker-2', 'worker-3']);
    expect(processes.map(({ args }) => args.includes('--queues'))).toEqual([false, true, true]);
    expect(processes.map(({ args }) => args.at(-1)).slice(1)).toEqual(['records', 'records']);
    const files = processes.map(({ readiness }) =>
      readiness.kind === 'file' ? readiness.path : undefined,
    );
    expect(new Set(files).size).toBe(3);
  });
});
