// Peak memory of trainings on the default backend, against which domain/train/memory-plan.test.ts holds
// the plan. Each runs in a process of its own; other work on the machine does not change the peaks.
// Usage: npm run bench train-memory -- [--models small,smollm2-135m,tinyllama-1.1b] [--steps 3]
//        [--threads 2] [--out FILE]
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { TrainSettings } from '../domain/train/index.js';
import { SHAPES, writeBenchModel, type ShapeName } from './train-models.js';
import type { StepFigures } from './train-settings.js';

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: Object.keys(SHAPES).join(',') },
    steps: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    out: { type: 'string' },
  },
});

const BACKEND = 'wasm+onnxruntime';

type Case = Pick<TrainSettings, 'quantization' | 'dropout' | 'dora'> & {
  readonly recompute: boolean;
};
const plain = { dropout: 0, dora: false };

/** Whether activations are kept or not, of each variant of the adapter. */
const SMALL: readonly Case[] = [
  { quantization: 'none' as const, ...plain },
  { quantization: 'nf4-double' as const, ...plain },
  ...[
    { dropout: 0, dora: true },
    { dropout: 0.05, dora: false },
    { dropout: 0.05, dora: true },
  ].map((variant) => ({ quantization: 'nf4-double' as const, ...variant })),
].flatMap((kind) => [true, false].map((recompute) => ({ ...kind, recompute })));

const CASES: Readonly<Record<ShapeName, readonly Case[]>> = {
  small: SMALL,
  'smollm2-135m': [
    { quantization: 'nf4-double', recompute: true, ...plain },
    { quantization: 'none', recompute: true, ...plain },
  ],
  'tinyllama-1.1b': [{ quantization: 'nf4-double', recompute: true, ...plain }],
};

function measure(folder: string, { quantization, recompute, dropout, dora }: Case): StepFigures {
  const engine = fileURLToPath(new URL('./train-engine.js', import.meta.url));
  const settings = [BACKEND, quantization, recompute, values.steps, values.threads, dropout, dora];
  const stdout = execFileSync(process.execPath, [engine, folder, ...settings.map(String)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as StepFigures;
}

async function measureModel(name: ShapeName) {
  const folder = await mkdtemp(join(tmpdir(), 'custos-bench-memory-'));
  await writeBenchModel(folder, name);
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as object;
  const [sequences, tokens] = SHAPES[name].batch;
  const runs = CASES[name].map((run) => {
    const { peakRssBytes, cpuSecondsPerStep } = measure(folder, run);
    console.error(name, JSON.stringify(run), peakRssBytes);
    return {
      config,
      ...run,
      sequences,
      tokens,
      peakRssBytes,
      cpuSecondsPerStep,
    };
  });
  await rm(folder, { recursive: true, force: true });
  return [name, runs] as const;
}

const measured = [];
for (const name of values.models.split(',')) measured.push(await measureModel(name as ShapeName));
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
const report = {
  bench: 'train-memory',
  machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version },
  commit,
  backend: BACKEND,
  lora: 'r 16, seven modules',
  measured: Object.fromEntries(measured),
};
const text = JSON.stringify(report, null, 1);
if (values.out !== undefined) await writeFile(values.out, `${text}\n`);
console.log(text);
