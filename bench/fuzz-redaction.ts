// `npm run bench fuzz-redaction [INPUTS] [SEED]`: redacts so many generated hostile inputs (10,000)
// with all patterns and every action, checks that nothing is cut or lost, and compares the processor
// time of each with that of prose of its size. Stores the slowest.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createRedactor, ENTITY_TYPES } from '../domain/redact/index.js';
import { codeVersion } from '../infra/runtime/index.js';
import { fuzzInput, plainText } from './fuzz-texts.js';
import { redactChecked } from './fuzz-checks.js';

const RESULT = fileURLToPath(new URL('../../bench/results/fuzz-redaction.json', import.meta.url));
const LONG_EVERY = 250;
const LIMIT = 10;
/** Shorter times say more of the clock than of the text. */
const LEAST_MS = 2;

const [count = '10000', seed = '1'] = process.argv.slice(2);
const redactor = createRedactor({ entities: ENTITY_TYPES, minScore: 0.35, profile: 'patterns' });

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

async function timed(text: string): Promise<number> {
  const began = cpuMs();
  await redactor.find(text);
  return cpuMs() - began;
}

/** The best of some runs: what other processes and the collector of garbage add is not the text's. */
async function best(text: string, runs: number): Promise<number> {
  let least = Infinity;
  for (let run = 0; run < runs; run += 1) least = Math.min(least, await timed(text));
  return least;
}

// So that the compiler's work is not counted.
for (let warm = 0; warm < 20; warm += 1) await timed(plainText(50_000));
const plainMs = (await best(plainText(1_000_000), 3)) / 1_000_000;

interface Slow {
  readonly at: number;
  readonly kind: string;
  readonly chars: number;
  readonly ms: number;
  readonly ratio: number;
}

const slowest: Slow[] = [];
const ratios = new Map<string, number>();
for (let at = 0; at < Number(count); at += 1) {
  const { kind, text } = fuzzInput(Number(seed), at, LONG_EVERY);
  const first = await redactChecked(
    redactor,
    text,
    `seed ${seed}, input ${String(at)}, ${kind}`,
    cpuMs,
  );
  const ratioOf = (ms: number): number => ms / Math.max(LEAST_MS, plainMs * text.length);
  const ms = ratioOf(first) > LIMIT / 2 ? Math.min(first, await best(text, 2)) : first;
  const ratio = ratioOf(ms);
  ratios.set(kind, Math.max(ratio, ratios.get(kind) ?? 0));
  slowest.push({ at, kind, chars: text.length, ms, ratio });
  slowest.sort((a, b) => b.ratio - a.ratio).splice(10);
  if (at % 1000 === 999)
    console.log(`${String(at + 1)} inputs, slowest ${String(slowest[0]?.ratio)}`);
}

const over = slowest.filter(({ ratio }) => ratio > LIMIT);
const result = {
  machine: `${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
  version: codeVersion(),
  inputs: Number(count),
  seed: Number(seed),
  plainMegabytesPerCpuSecond: Math.round(1 / plainMs) / 1000,
  slowestByKind: Object.fromEntries(ratios),
  slowest,
};
console.log(JSON.stringify(result, null, 2));
writeFileSync(RESULT, `${JSON.stringify(result, null, 2)}\n`);
if (over.length > 0) process.exitCode = 1;
