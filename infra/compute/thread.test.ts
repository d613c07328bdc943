import type { Checkpoint, TrainingRequest } from '../../domain/train/index.js';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { planTraining } from '../../domain/train/index.js';
import type { MemoryPlan } from '../../schemas/index.js';
import {
  patternSequences,
  TINY_SETTINGS,
  tinyTensors,
  writeTinyModel,
} from '../../test/fixtures/model/tiny-model.js';
import { defer } from './deferred.js';
import { openThread } from './host-thread.js';
import {
  probeEnvironment,
  startInferenceThread,
  startTrainingThread,
  tryBackends,
} from './index.js';

/** Cancelling has to be prompt; the rest of a pass is allowed for. */
const STOPPED_WITHIN_MS = 5_000;

const root = fileURLToPath(new URL('../../', import.meta.url));
let modelDirectory = '';

beforeAll(async () => {
  // Whatever this machine has set up, these tests are about what npm brings.
  vi.stubEnv('CUSTOS_CACHE_DIR', '/nonexistent');
  modelDirectory = await mkdtemp(join(tmpdir(), 'custos-thread-'));
  await writeTinyModel(modelDirectory);
  // A worker thread cannot load TypeScript: it runs the built engine.
  if (!existsSync(join(root, 'dist/infra/compute/thread.js'))) {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'ignore' });
  }
}, 300_000);
afterAll(() => rm(modelDirectory, { recursive: true }));

const sequences = patternSequences(10, 1);
const compute = { backend: 'wasm+onnxruntime', threads: 2 } as const;

function request(overrides: Partial<TrainingRequest> = {}): TrainingRequest {
  const settings = overrides.settings ?? TINY_SETTINGS;
  const plan = planTraining({ ...settings, lengths: sequences.map(({ ids }) => ids.length) });
  const heldOut = patternSequences(4, 2);
  return {
    modelDirectory,
    baseModelName: 'tiny',
    compute,
    settings,
    plan,
    sequences,
    heldOut,
    ...overrides,
  };
}

describe('startTrainingThread', () => {
  it('reports progress, waits for checkpoints to be stored and resumes to the same bytes', async () => {
    const events: string[] = [];
    let stored: Checkpoint | undefined;
    let planned: MemoryPlan | undefined;
    const thread = startTrainingThread(request(), {
      onStarted: ({ environment, parameterLine, memory }) => {
        events.push(`started ${environment.backend} ${parameterLine.slice(0, 16)}`);
        planned = memory;
      },
      onProgress: ({ step, totalSteps }) =>
        events.push(`step ${String(step)}/${String(totalSteps)}`),
      onEvaluation: (step) => events.push(`evaluation ${String(step)}`),
      onCheckpoint: async (checkpoint) => {
        events.push('storing');
        await new Promise((resolve) => setTimeout(resolve, 50));
        stored ??= checkpoint;
        events.push('stored');
      },
    });
    const whole = await thread.done;
    expect(events[0]).toBe('started wasm+onnxruntime trainable params');
    expect(planned).toMatchObject({ recompute: false, total: expect.any(Number) as number });
    expect(whole.memory).toEqual(planned);
    expect(events.slice(2, 8)).toEqual([
      'step 1/8',
      'step 2/8',
      'step 3/8',
      'storing',
      'stored',
      'step 4/8',
    ]);
    expect(stored?.state.step).toBe(3);
    const { environment } = whole;
    const resumed = await startTrainingThread(
      request({
        compute: { backend: 'auto', required: environment },
        ...(stored && { checkpoint: stored }),
      }),
    ).done;
    const digest = ({ adapter }: typeof whole) =>
      createHash('sha256').update(adapter['adapter_model.safetensors']).digest('hex');
    expect(digest(resumed)).toBe(digest(whole));
  });

  const endless = { ...TINY_SETTINGS, maxSteps: null, epochs: 10_000 };

  it.each(['onStarted', 'onProgress', 'onCheckpoint'] as const)(
    'stops promptly when cancelled at %s',
    async (place) => {
      let cancelledAt = Infinity;
      const cancel = () => {
        cancelledAt = Math.min(cancelledAt, performance.now());
        void thread.cancel();
        // Also a checkpoint that is never stored must not hold the thread.
        return new Promise<void>(() => undefined);
      };
      const thread = startTrainingThread(request({ settings: endless }), {
        [place]: () => void cancel(),
        ...(place === 'onCheckpoint' ? { onCheckpoint: cancel } : {}),
      });
      await expect(thread.done).rejects.toMatchObject({ code: 'CANCELLED' });
      expect(performance.now() - cancelledAt).toBeLessThan(STOPPED_WITHIN_MS);
    },
  );

  it('is given up when the model directory does not answer', async () => {
    const hung = await mkdtemp(join(tmpdir(), 'custos-hung-'));
    await writeTinyModel(hung);
    await rm(join(hung, 'config.json'));
    // Nobody ever writes into this pipe, as with a network file system that is gone.
    execFileSync('mkfifo', [join(hung, 'config.json')]);
    const thread = startTrainingThread(request({ modelDirectory: hung }), {}, { stallMs: 4_000 });
    await expect(thread.done).rejects.toMatchObject({ code: 'THREAD_STALLED' });
    await writeFile(join(hung, 'config.json'), '{}');
    await rm(hung, { recursive: true });
  });

  it('counts every tensor, pass and batch as progress', async () => {
    const ended = defer<unknown>();
    const thread = openThread(
      { kind: 'train', request: request() },
      {
        onMessage: (message) => {
          if (message.type === 'checkpoint') thread.post({ type: 'checkpoint-stored' });
          if (message.type === 'done') ended.resolve('done');
        },
        onEnd: ended.resolve,
      },
    );
    await expect(ended.promise).resolves.toBe('done');
    const passes = request().plan.steps.flat().length;
    expect(thread.beats()).toBeGreaterThan(passes + tinyTensors().length);
  });

  it.each([
    [
      'an unknown token',
      {
        sequences: [{ recordId: 'r9', ids: Int32Array.of(1, 999), lossMask: Uint8Array.of(0, 1) }],
      },
      'SEQUENCE_INVALID',
    ],
    ['a missing model', { modelDirectory: '/nonexistent' }, 'MODEL_UNREADABLE'],
    [
      'a backend that is not installed',
      { compute: { backend: 'tfjs-node-gpu' } },
      'BACKEND_UNAVAILABLE',
    ],
  ] as const)('refuses %s with a code', async (_, overrides, code) => {
    await expect(startTrainingThread(request(overrides)).done).rejects.toMatchObject({ code });
  });

  it('ends with the failure of a checkpoint that cannot be stored', async () => {
    const failure = new Error('the store is full');
    const thread = startTrainingThread(request(), { onCheckpoint: () => Promise.reject(failure) });
    await expect(thread.done).rejects.toBe(failure);
  });
});

describe('startInferenceThread', () => {
  it('generates, scores and evaluates with the adapter on and off', async () => {
    const settings = { ...TINY_SETTINGS, maxSteps: 40, epochs: 40, dropout: 0 };
    const { adapter, state } = await startTrainingThread(request({ settings })).done;
    const thread = await startInferenceThread({
      modelDirectory,
      compute,
      quantization: 'nf4-double',
      adapter,
    });
    const heldOut = patternSequences(4, 2);
    const off = await thread.evaluate(heldOut, 'off');
    const on = await thread.evaluate(heldOut, 'on');
    expect(off.meanLoss).toBeCloseTo(state.evaluations[0]?.heldOutLoss ?? 0, 10);
    expect(on.meanLoss).toBeCloseTo(state.evaluations.at(-1)?.heldOutLoss ?? 0, 6);
    const [scores] = await thread.score(heldOut.slice(0, 1), 'on');
    expect(scores).toHaveLength((heldOut[0]?.ids.length ?? 0) - 1);
    const prompts = [Int32Array.of(5, 12, 19), Int32Array.of(1)];
    const ask = (seed: number, temperature: number) =>
      thread.generate({
        prompts,
        maxNewTokens: 12,
        temperature,
        topP: 0.9,
        seed,
        adapter: 'on',
        stopIds: [],
      });
    const sampled = await ask(7, 1.5);
    expect(await ask(7, 1.5)).toEqual(sampled);
    expect(await ask(8, 1.5)).not.toEqual(sampled);
    expect((await ask(1, 0)).map(({ length }) => length)).toEqual([12, 12]);
    const heard: [number, number][] = [];
    const greedy = { maxNewTokens: 12, temperature: 0, topP: 1, seed: 1, stopIds: [] };
    const streamed = await thread.generate({ prompts, adapter: 'on', ...greedy }, (...token) => {
      heard.push(token);
      return token[0] === 0 && heard.length === 3;
    });
    expect(heard).toEqual(streamed.flatMap((ids, prompt) => [...ids].map((id) => [prompt, id])));
    expect(streamed[0]?.length).toBeGreaterThanOrEqual(3);
    expect(streamed[1]).toHaveLength(12);
    await expect(
      thread.score([{ recordId: 'r', ids: Int32Array.of(5), lossMask: Uint8Array.of(0) }], 'on'),
    ).rejects.toMatchObject({ code: 'SEQUENCE_INVALID' });
    await thread.close();
    await expect(thread.evaluate(heldOut, 'on')).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('cancelling an inference thread', () => {
  const open = (signal: AbortSignal) =>
    startInferenceThread({ modelDirectory, compute, quantization: 'nf4-double' }, signal);

  it('is prompt while it generates', async () => {
    const abort = new AbortController();
    const thread = await open(abort.signal);
    const prompts = Array.from({ length: 100_000 }, () => Int32Array.of(5, 12, 19));
    const settings = { maxNewTokens: 60, temperature: 0, topP: 1, seed: 1, stopIds: [] };
    const said = thread.generate({ ...settings, prompts, adapter: 'off' });
    const begin = performance.now();
    setTimeout(() => {
      abort.abort();
    }, 500);
    await expect(said).rejects.toMatchObject({ code: 'CANCELLED' });
    await thread.close();
    expect(performance.now() - begin).toBeLessThan(500 + STOPPED_WITHIN_MS);
  });

  it('is prompt while it loads, and before', async () => {
    const abort = new AbortController();
    const opening = open(abort.signal);
    abort.abort();
    const begin = performance.now();
    await expect(opening).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(open(abort.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(performance.now() - begin).toBeLessThan(2 * STOPPED_WITHIN_MS);
  });
});

describe('probeEnvironment', () => {
  it('chooses a backend for "auto" and says what it is', async () => {
    const { node } = process.versions;
    await expect(probeEnvironment('auto')).resolves.toMatchObject({
      backend: 'wasm+onnxruntime',
      onnxruntime: '1.30.0',
      node,
    });
  });

  it('chooses by measurement, and names what is not there', async () => {
    const trials = await tryBackends();
    expect(
      trials.flatMap((trial) => ('environment' in trial ? [trial.environment.backend] : [])),
    ).toEqual(['wasm+onnxruntime']);
    expect(trials[0]).toMatchObject({ milliseconds: expect.any(Number) as number });
    expect(await probeEnvironment('auto')).toMatchObject({ backend: 'wasm+onnxruntime' });
  });

  it.each(['tfjs-node', 'webgl'])('refuses %s, which is not here', async (backend) => {
    await expect(probeEnvironment(backend)).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' });
  });
});
