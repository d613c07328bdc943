import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../domain/model/index.js';
import type { TrainSettings } from '../../domain/train/index.js';
import { openStores } from '../../infra/runtime/index.js';
import { patternSequences, TINY_SETTINGS, writeTinyModel } from '../fixtures/model/tiny-model.js';

const MINUTE = 60_000;
const STEPS = 60;
const SAVE_STEPS = 3;
const KILLS = 5;
const MAX_CHECKPOINTS = 2;

/** Dropout, warm-up, several epochs with incomplete windows and 8-bit moments: all that a step draws. */
const settings: TrainSettings & { readonly maxCheckpoints: number } = {
  ...TINY_SETTINGS,
  // The odd model's factors are small; at rank 64 most of them are above bitsandbytes' 4096.
  r: 64,
  epochs: 100,
  maxSteps: STEPS,
  saveSteps: SAVE_STEPS,
  maxCheckpoints: MAX_CHECKPOINTS,
};

interface Life {
  /** The step that it went on from. */
  readonly from: number;
  readonly lines: readonly string[];
  readonly killed: boolean;
}

const PROCESS = fileURLToPath(new URL('../support/training-process.mjs', import.meta.url));

/** Runs a process until its end, or kills it `afterMs` after it took `steps` steps. */
async function live(request: string, steps = Infinity, afterMs = 0): Promise<Life> {
  const child = spawn(process.execPath, [PROCESS, request], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('close', (_code, signal) => {
      resolve(signal);
    });
  });
  const lines: string[] = [];
  let taken = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (!line.startsWith('step ')) continue;
    taken += 1;
    if (taken === steps) setTimeout(() => child.kill('SIGKILL'), afterMs);
  }
  const from = Number(lines[0]?.slice('from '.length));
  return { from, lines, killed: (await ended) === 'SIGKILL' };
}

describe('a training of 60 steps whose process is killed five times', () => {
  const random = randomStream({ seed: 20_261, purpose: 'sample', step: 0, layer: 0 });
  const between = (least: number, most: number) =>
    least + Math.floor(random.nextUniform() * (most - least + 1));
  let folder = '';
  let undisturbed: Life;
  const lives: Life[] = [];
  let kept = -1;

  async function request(name: string): Promise<string> {
    const dataDir = join(folder, name);
    const storeRoot = join(dataDir, 'store');
    await mkdir(storeRoot, { recursive: true });
    const path = join(dataDir, 'request.json');
    const sequences = patternSequences(10, 1).map((sequence) => ({
      ...sequence,
      ids: [...sequence.ids],
      lossMask: [...sequence.lossMask],
    }));
    const modelDirectory = join(folder, 'model');
    const memoKey = `sha256:${'c'.repeat(64)}`;
    const content = { dataDir, storeRoot, memoKey, settings, modelDirectory, sequences };
    await writeFile(path, JSON.stringify(content));
    return path;
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'custos-crash-training-'));
    await writeTinyModel(join(folder, 'model'));
    undisturbed = await live(await request('undisturbed'));
    const disturbed = await request('killed');
    for (let kill = 0; kill < KILLS; kill++) {
      // Anywhere in a step or in the storing of a checkpoint, after some progress.
      lives.push(await live(disturbed, between(SAVE_STEPS + 1, 3 * SAVE_STEPS), between(0, 60)));
    }
    const root = join(folder, 'killed/store');
    const stores = await openStores(join(folder, 'killed'), { kind: 'files', root });
    const keys: string[] = [];
    for await (const key of stores.checkpoints.list('')) keys.push(key);
    kept = keys.length;
    await stores.close();
    lives.push(await live(disturbed));
  }, 15 * MINUTE);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const last = (name: string, { lines }: Life) => lines.find((line) => line.startsWith(name));

  it('was killed five times, in the middle', () => {
    expect(lives.map(({ killed }) => killed)).toEqual([true, true, true, true, true, false]);
  });

  it('went on from a checkpoint each time, further than the time before', () => {
    const starts = lives.map(({ from }) => from);
    console.info(`went on from steps ${starts.join(', ')}`);
    starts.slice(1).forEach((from, i) => {
      expect(from).toBeGreaterThan(starts[i] ?? NaN);
      expect(from % SAVE_STEPS).toBe(0);
    });
    expect(
      lives.flatMap(({ lines }) => lines).filter((line) => line.startsWith('warning')),
    ).toEqual([]);
  });

  it('kept as many checkpoints as the policy says', () => {
    // A kill between the storing of one and the removal of the oldest may leave one more.
    expect(kept).toBeGreaterThanOrEqual(1);
    expect(kept).toBeLessThanOrEqual(MAX_CHECKPOINTS + 1);
  });

  it('ends with the adapter and the losses of the undisturbed training', () => {
    const end = lives.at(-1) as Life;
    expect(last('digest', undisturbed)).toMatch(/^digest [0-9a-f]{64}$/);
    expect(last('digest', end)).toBe(last('digest', undisturbed));
    expect(last('losses', end)).toBe(last('losses', undisturbed));
  });
});
