import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { planTraining } from '../../domain/train/index.js';
import {
  patternSequences,
  TINY_CONFIG,
  TINY_SETTINGS,
} from '../../test/fixtures/model/tiny-model.js';
import { ComputeError } from './errors.js';
import type { Checkpoint, TrainingRequest } from '../../domain/train/index.js';
import { runTraining } from './train-job.js';
import { tinyModelFolder } from '../../test/support/tiny-model-folder.js';

const folder = tinyModelFolder();

const sequences = patternSequences(10, 1);

function request(overrides: Partial<TrainingRequest> = {}): TrainingRequest {
  const settings = overrides.settings ?? TINY_SETTINGS;
  const plan = planTraining({
    ...settings,
    lengths: sequences.map(({ ids }) => ids.length),
    passTokens: 40,
  });
  const compute = { backend: 'wasm+onnxruntime', threads: 2 } as const;
  return {
    modelDirectory: folder.path,
    baseModelName: 'tiny',
    compute,
    settings,
    plan,
    sequences,
    heldOut: patternSequences(4, 2),
    ...overrides,
  };
}

async function train(overrides: Partial<TrainingRequest> = {}, stopAfter = Infinity) {
  const checkpoints: Checkpoint[] = [];
  let steps = 0;
  let started = false;
  const run = runTraining(request(overrides), {
    onStarted: () => {
      started = true;
    },
    onProgress: () => {
      steps += 1;
    },
    onEvaluation: () => undefined,
    onCheckpoint: (checkpoint) => {
      checkpoints.push(checkpoint);
      return Promise.resolve();
    },
    checkStop: () => {
      if (steps >= stopAfter) throw new ComputeError('CANCELLED', 'stopped by the test');
    },
  });
  const result = await run.catch((error: unknown) => error as Error);
  return { result, checkpoints, started };
}

const digest = (result: Awaited<ReturnType<typeof train>>['result']) => {
  if (result instanceof Error) throw result;
  return createHash('sha256').update(result.adapter['adapter_model.safetensors']).digest('hex');
};

describe('runTraining', () => {
  it('learns: the held-out loss of the pattern falls', async () => {
    const { result } = await train({
      settings: { ...TINY_SETTINGS, maxSteps: null, epochs: 16, dropout: 0 },
    });
    if (result instanceof Error) throw result;
    const losses = result.state.evaluations.map(({ heldOutLoss }) => heldOutLoss);
    expect(result.state.evaluations[0]?.step).toBe(0);
    expect(losses.at(-1)).toBeLessThan(0.8 * (losses[0] ?? 0));
    expect(result.parameterLine).toMatch(
      /^trainable params: [\d,]+ \|\| all params: [\d,]+ \|\| trainable%: \d+\.\d{4}$/,
    );
  });

  it('gives the same adapter twice, and another one for another seed', async () => {
    const first = digest((await train()).result);
    expect(digest((await train()).result)).toBe(first);
    expect(digest((await train({ settings: { ...TINY_SETTINGS, seed: 43 } })).result)).not.toBe(
      first,
    );
  });

  it.each(['adamw_8bit', 'adamw'] as const)(
    'gives the same adapter after a stop and a resume (%s)',
    async (optimizer) => {
      const settings = { ...TINY_SETTINGS, optimizer };
      const whole = await train({ settings });
      const stopped = await train({ settings }, 5);
      expect(stopped.result).toMatchObject({ code: 'CANCELLED' });
      const checkpoint = stopped.checkpoints.at(-1);
      expect(checkpoint?.state.step).toBe(3);
      const resumed = await train({
        settings,
        ...(checkpoint === undefined ? {} : { checkpoint }),
      });
      expect(digest(resumed.result)).toBe(digest(whole.result));
      expect(resumed.result).toMatchObject({ state: (whole.result as { state?: unknown }).state });
    },
  );

  it('refuses to resume in another numeric environment', async () => {
    const { result } = await train();
    if (result instanceof Error) throw result;
    const required = {
      ...result.environment,
      threads: result.environment.threads + 1,
      instructionSet: 'other',
    };
    const again = await train({ compute: { backend: 'auto', required } });
    expect(again.result).toMatchObject({ code: 'ENVIRONMENT_MISMATCH' });
    expect((again.result as Error).message).toContain('instructionSet other');
  });

  it('refuses before the model is loaded what the machine has no memory for', async () => {
    const available = vi
      .spyOn(process, 'availableMemory')
      .mockReturnValue(-process.memoryUsage.rss());
    const refused = await train();
    available.mockRestore();
    expect(refused.result).toMatchObject({
      code: 'MEMORY_TOO_SMALL',
      message: expect.stringMatching(/would take 0\.2 GiB .* -?0\.\d GiB are there/) as string,
    });
  });

  const long = TINY_CONFIG.max_position_embeddings + 1;
  const tokens = (ids: Int32Array, counted: number) => ({
    recordId: 'r1',
    ids,
    lossMask: new Uint8Array(ids.length).fill(counted),
  });
  it.each<[string, Partial<TrainingRequest>, string, RegExp]>([
    [
      'no counted label',
      { sequences: [tokens(Int32Array.of(1, 2, 3), 0)] },
      'LABELS_MASKED',
      /lossOn/,
    ],
    [
      'a label at position 0 alone',
      { sequences: [{ ...tokens(Int32Array.of(1, 2), 0), lossMask: Uint8Array.of(1, 0) }] },
      'LABELS_MASKED',
      /look whether the records have answers/,
    ],
    [
      'a sequence longer than the model holds',
      { sequences: [tokens(new Int32Array(long).fill(1), 1)] },
      'SEQUENCE_INVALID',
      new RegExp(`record r1: ${String(long)} tokens, .* lower /tokenize/maxLength`),
    ],
    [
      'such a sequence held out',
      { heldOut: [tokens(new Int32Array(long).fill(1), 1)] },
      'SEQUENCE_INVALID',
      /record r1/,
    ],
    [
      'a token outside the vocabulary',
      { sequences: [tokens(Int32Array.of(1, TINY_CONFIG.vocab_size), 1)] },
      'SEQUENCE_INVALID',
      /record r1: token id \d+ is outside the vocabulary/,
    ],
    [
      'a negative token',
      { sequences: [tokens(Int32Array.of(-1, 1), 1)] },
      'SEQUENCE_INVALID',
      /token id -1 is outside/,
    ],
  ])('refuses %s before it starts', async (_, change, code, message) => {
    const { result, started } = await train(change);
    expect(result).toMatchObject({ code });
    expect((result as Error).message).toMatch(message);
    expect(started).toBe(false);
  });

  it('refuses an adapter of another base model before it starts', async () => {
    const { result: made } = await train({ baseModelName: 'other' });
    if (made instanceof Error) throw made;
    const { result, started } = await train({ initialAdapter: made.adapter });
    expect(result).toMatchObject({
      code: 'ADAPTER_MISMATCH',
      message: expect.stringMatching(/made for other; this run trains on tiny/) as string,
    });
    expect(started).toBe(false);
  });

  it('refuses a checkpoint of another rank', async () => {
    const { checkpoints } = await train();
    const [checkpoint] = checkpoints;
    const other = await train({
      settings: { ...TINY_SETTINGS, r: 2 },
      ...(checkpoint === undefined ? {} : { checkpoint }),
    });
    expect(other.result).toMatchObject({ code: 'CHECKPOINT_INVALID' });
  });
});
