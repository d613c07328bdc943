// LoRA and QLoRA training beside torch + peft: the same model, adapter, tokens and optimizer, each
// contender in a process of its own, in turn, round after round. On a machine that others use too,
// compare CPU-seconds and ratios of medians; wall-clock times of one round mean little.
// Usage: npm run bench train -- [--model small] [--rounds 3] [--steps 4] [--threads 2]
//        [--backends wasm+onnxruntime,tfjs-node] [--only TEXT] [--out FILE] [--chart FILE]
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { tryBackends } from '../infra/compute/index.js';
import { writeBenchModel, type ShapeName } from './train-models.js';
import type { StepFigures } from './train-settings.js';
import { barsSvg } from './train-svg.js';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'small' },
    rounds: { type: 'string', default: '3' },
    steps: { type: 'string', default: '4' },
    threads: { type: 'string', default: '2' },
    backends: { type: 'string' },
    only: { type: 'string', default: '' },
    out: { type: 'string' },
    chart: { type: 'string' },
  },
});

interface Contender {
  readonly name: string;
  readonly command: readonly [file: string, ...args: string[]];
}

/** Hugging Face's libraries in an environment of their own, made when absent. */
function peerPython(): string {
  const venv = process.env['CUSTOS_PEFT_VENV'] ?? join(homedir(), '.cache/custos/peft-venv');
  const python = join(venv, 'bin/python');
  if (existsSync(join(venv, '.ready'))) return python;
  execFileSync('python3', ['-m', 'venv', venv]);
  const requirements = resolve('test/conformance/requirements.txt');
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '-r', requirements]);
  execFileSync('touch', [join(venv, '.ready')]);
  return python;
}

/** Those that were asked for, else the default and WebGPU where a GPU is. */
async function chosenBackends(): Promise<readonly string[]> {
  if (values.backends !== undefined) return values.backends.split(',');
  const trials = await tryBackends(['webgpu']);
  return [
    'wasm+onnxruntime',
    ...(trials.some((trial) => 'environment' in trial) ? ['webgpu'] : []),
  ];
}

function contenders(folder: string, backends: readonly string[]): Contender[] {
  const { steps, threads } = values;
  const engine = fileURLToPath(new URL('./train-engine.js', import.meta.url));
  const [keep, recompute] = ['kept', 'recomputed'];
  const modes = [keep, recompute] as const;
  const peers = modes.map((mode): Contender => {
    const args = [folder, String(mode === recompute), steps, threads];
    return {
      name: `torch+peft lora ${mode}`,
      command: [peerPython(), resolve('bench/train-peer.py'), ...args],
    };
  });
  const own = backends.flatMap((backend) =>
    (['none', 'nf4-double'] as const).flatMap((quantization) =>
      modes.map((mode): Contender => {
        const args = [folder, backend, quantization, String(mode === recompute), steps, threads];
        const kind = quantization === 'none' ? 'lora' : 'qlora';
        return { name: `${backend} ${kind} ${mode}`, command: [process.execPath, engine, ...args] };
      }),
    ),
  );
  const wanted = values.only.split(',');
  return [...peers, ...own].filter(({ name }) => wanted.some((text) => name.includes(text)));
}

function measure({ command: [file, ...args] }: Contender): StepFigures {
  const stdout = execFileSync(file, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: values.threads, HF_HUB_OFFLINE: '1' },
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as StepFigures;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function summarize(rounds: readonly StepFigures[]) {
  const tokens = rounds[0]?.tokensPerStep ?? NaN;
  const cpuSeconds = median(rounds.map((round) => round.cpuSecondsPerStep));
  const seconds = rounds.flatMap((round) => round.secondsPerStep);
  const mean = seconds.reduce((sum, value) => sum + value, 0) / seconds.length;
  return {
    cpuSecondsPerStep: cpuSeconds,
    // How many threads computed at once, on average; waiting awake counts too.
    busyThreads: cpuSeconds / mean,
    cpuMillisecondsPerToken: (1000 * cpuSeconds) / tokens,
    tokensPerSecond: tokens / median(seconds),
    tokensPerSecondBest: tokens / Math.min(...seconds),
    peakRssBytes: median(rounds.map((round) => round.peakRssBytes)),
    losses: rounds[0]?.losses ?? [],
  };
}
type Summary = ReturnType<typeof summarize>;

/** Above 1 is better than the peer in speed, below 1 in memory. */
function against(peer: Summary, own: Summary) {
  return {
    speed: own.tokensPerSecond / peer.tokensPerSecond,
    speedBest: own.tokensPerSecondBest / peer.tokensPerSecondBest,
    speedByCpu: peer.cpuSecondsPerStep / own.cpuSecondsPerStep,
    memory: own.peakRssBytes / peer.peakRssBytes,
  };
}

const folder = await mkdtemp(join(tmpdir(), 'custos-bench-train-'));
await writeBenchModel(folder, values.model as ShapeName);
const list = contenders(folder, await chosenBackends());
const figures = new Map(list.map(({ name }): [string, StepFigures[]] => [name, []]));
for (let round = 0; round < Number(values.rounds); round++) {
  for (const contender of list) {
    const found = measure(contender);
    figures.get(contender.name)?.push(found);
    console.error(contender.name, summarize([found]).cpuSecondsPerStep.toFixed(2), 'CPU-s a step');
  }
}
await rm(folder, { recursive: true, force: true });
const results = Object.fromEntries([...figures].map(([name, rounds]) => [name, summarize(rounds)]));
const peer = results['torch+peft lora kept'];
const ratios =
  peer === undefined
    ? {}
    : Object.fromEntries(Object.entries(results).map(([name, own]) => [name, against(peer, own)]));
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
const settings = {
  model: values.model,
  rounds: Number(values.rounds),
  steps: Number(values.steps),
};
const report = { bench: 'train', machine, commit, ...settings, results, againstTorchKept: ratios };
const text = JSON.stringify(report, null, 2);
if (values.out !== undefined) await writeFile(values.out, `${text}\n`);
if (values.chart !== undefined) {
  const bars = Object.entries(results).map(([name, own]) => ({
    name,
    cpuMilliseconds: own.cpuMillisecondsPerToken,
    mebibytes: own.peakRssBytes / 2 ** 20,
  }));
  await writeFile(values.chart, barsSvg(bars));
}
console.log(text);
