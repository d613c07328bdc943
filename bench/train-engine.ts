// One contender of the training benchmark in a process of its own: the engine, as a run uses it.
// Usage: train-engine.js MODEL BACKEND QUANTIZATION RECOMPUTE STEPS THREADS [DROPOUT [DORA]]
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { memorySource, openSafetensors, type AdapterFiles } from '../domain/model/index.js';
import type { TokenSequence, TrainingProgress, TrainingRequest } from '../domain/train/index.js';
import { startTrainingThread } from '../infra/compute/index.js';
import { BENCH_SETTINGS, type StepFigures } from './train-settings.js';

const [model = '', backend, quantization, recompute, count, threads, dropout = '0', dora] =
  process.argv.slice(2);
const variant = { dropout: Number(dropout), dora: dora === 'true' };
// The peer's adapter is a plain one without dropout; any other starts from a fresh one.
const plain = variant.dropout === 0 && !variant.dora;

async function readSequences(): Promise<TokenSequence[]> {
  const file = new Uint8Array(await readFile(join(model, 'tokens.safetensors')));
  const source = await openSafetensors(memorySource('tokens', file));
  const [sequences = 0, tokens = 0] = source.shape('ids');
  const ids = new Int32Array((await source.readBytes('ids')).slice().buffer);
  return Array.from({ length: sequences }, (_, i) => ({
    recordId: `sequence ${String(i)}`,
    ids: ids.slice(i * tokens, (i + 1) * tokens),
    lossMask: new Uint8Array(tokens).fill(1),
  }));
}

async function readAdapterFiles(): Promise<AdapterFiles> {
  const file = async (name: string) => new Uint8Array(await readFile(join(model, 'adapter', name)));
  return {
    'adapter_config.json': await file('adapter_config.json'),
    'adapter_model.safetensors': await file('adapter_model.safetensors'),
  };
}

interface Mark {
  readonly at: number;
  readonly cpu: number;
  readonly loss: number;
}

function markOf({ loss }: TrainingProgress): Mark {
  const { user, system } = process.cpuUsage();
  return { at: performance.now() / 1000, cpu: (user + system) / 1e6, loss };
}

const sequences = await readSequences();
const pass = sequences.map((_, i) => i);
const plan = {
  seed: 1,
  batchSize: sequences.length,
  accumulation: 1,
  packing: 'packed' as const,
  passTokens: 2048,
  stepsPerEpoch: Number(count),
  steps: Array.from({ length: Number(count) }, () => [pass]),
};
const request: TrainingRequest = {
  modelDirectory: model,
  baseModelName: 'bench',
  compute: {
    backend: backend as TrainingRequest['compute']['backend'],
    threads: Number(threads),
  },
  settings: {
    ...BENCH_SETTINGS,
    ...variant,
    batchSize: sequences.length,
    quantization: quantization === 'nf4-double' ? quantization : 'none',
  },
  plan,
  sequences,
  heldOut: [],
  ...(plain ? { initialAdapter: await readAdapterFiles() } : {}),
  recompute: recompute === 'true',
};
const marks: Mark[] = [];
const onProgress = (progress: TrainingProgress) => marks.push(markOf(progress));
const { peakRssBytes } = await startTrainingThread(request, { onProgress }).done;
const [first, last] = [marks[0] as Mark, marks.at(-1) as Mark];
const figures: StepFigures = {
  tokensPerStep: sequences.reduce((sum, { ids }) => sum + ids.length, 0),
  losses: marks.map(({ loss }) => loss),
  secondsPerStep: marks.slice(1).map(({ at }, i) => at - (marks[i]?.at ?? 0)),
  cpuSecondsPerStep: (last.cpu - first.cpu) / (marks.length - 1),
  peakRssBytes,
};
console.log(JSON.stringify(figures));
process.exit(0);
