import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defer } from './deferred.js';
import { openThread, type ThreadOptions } from './host-thread.js';
import type { ThreadMessage } from './messages.js';

/** Generous: what has to happen within a second or two, on a busy machine. */
const SOON_MS = 5_000;

const HEAD = `import { parentPort, workerData } from 'node:worker_threads';
const signals = new Int32Array(workerData.signals);
const started = () => parentPort.postMessage({ type: 'started', environment: {} });
`;

/** Threads that misbehave, each as a module of its own. */
const THREADS = {
  hanging: 'started(); for (;;);',
  waiting: 'started(); parentPort.on("message", () => undefined);',
  working:
    'started(); for (let n = 0; n < 80; n++) { Atomics.add(signals, 1, 1); Atomics.wait(signals, 0, 0, 25); }',
  leaving: 'started();',
  greedy: 'started(); const all = []; for (;;) all.push(Array(1e5).fill(all.length));',
  crashing: 'throw new TypeError("the words of a record");',
} as const;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custos-host-'));
  for (const [name, source] of Object.entries(THREADS))
    await writeFile(join(folder, `${name}.mjs`), HEAD + source);
});
afterAll(() => rm(folder, { recursive: true }));

function start(
  name: keyof typeof THREADS,
  options: ThreadOptions & { isBusy?: () => boolean } = {},
) {
  const { isBusy = () => true, ...limits } = options;
  const ended = defer<{ code: string; message: string }>();
  const started = defer<ThreadMessage>();
  const begin = performance.now();
  const thread = openThread(
    { kind: 'probe', request: { backend: 'cpu' }, timed: false },
    { onMessage: started.resolve, onEnd: ended.resolve, isBusy },
    { entry: join(folder, `${name}.mjs`), ...limits },
  );
  const elapsedMs = () => performance.now() - begin;
  return { thread, ended: ended.promise, started: started.promise, elapsedMs };
}

describe('a compute thread', () => {
  it('that hangs is given up with a code that is retried', async () => {
    const { ended, elapsedMs } = start('hanging', { stallMs: 500 });
    await expect(ended).resolves.toMatchObject({ code: 'THREAD_STALLED' });
    expect(elapsedMs()).toBeLessThan(SOON_MS);
  });

  it('that waits for its host is not', async () => {
    let checks = 0;
    const waited = defer<undefined>();
    const isBusy = () => {
      checks += 1;
      if (checks === 40) waited.resolve(undefined);
      return false;
    };
    const { thread, ended } = start('waiting', { stallMs: 100, isBusy, stopGraceMs: 100 });
    await waited.promise;
    await thread.stop();
    await expect(ended).resolves.toMatchObject({ code: 'CANCELLED' });
  });

  it('that goes on working is not, however long it takes', async () => {
    const { thread, ended } = start('working', { stallMs: 1_500 });
    await expect(ended).resolves.toMatchObject({ code: 'THREAD_LOST' });
    expect(thread.beats()).toBe(80);
  });

  it('that does not hear of its cancellation is ended', async () => {
    const { thread, ended, started, elapsedMs } = start('hanging', { stopGraceMs: 200 });
    await started;
    await thread.stop();
    await expect(ended).resolves.toMatchObject({ code: 'CANCELLED' });
    expect(elapsedMs()).toBeLessThan(SOON_MS);
  });

  it('that outgrows its heap says what to do about it, and is tried a few times', async () => {
    const error = await start('greedy', { heapMb: 32 }).ended;
    expect(error.code).toBe('OUT_OF_MEMORY');
    expect(error.message).toMatch(/--max-old-space-size.*lower \/train\/batchSize/);
  });

  it.each([
    ['leaving', 'THREAD_LOST', /without a result/],
    ['crashing', 'THREAD_FAILED', /^The compute thread crashed \(TypeError\)\.$/],
  ] as const)('%s ends with %s', async (name, code, message) => {
    const error = await start(name).ended;
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });
});
