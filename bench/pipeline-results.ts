import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { parseJson } from '../domain/evidence/index.js';
import type { MeasuredRun, PlainFigures, SizeFigures } from './pipeline-figures.js';
import type { RunFigures } from './pipeline-run.js';
import { pipelineSvg } from './pipeline-svg.js';

const head = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();

/** Of the code that runs: asked when it starts. */
export const commit = (): string => head;

export const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryMb: totalmem() / 2 ** 20,
  node: process.version,
};

export function measuredRun(
  { stages, ...figures }: RunFigures,
  { workers, store }: Pick<MeasuredRun, 'workers' | 'store'>,
  { records, megabytes }: Pick<SizeFigures, 'records' | 'megabytes'>,
): MeasuredRun {
  return {
    workers,
    store,
    commit: commit(),
    load: loadavg()[2] ?? 0,
    ...figures,
    stages: stages.map((stage) => ({
      ...stage,
      recordsPerSecond: records / stage.seconds,
      mbPerSecond: megabytes / stage.seconds,
    })),
  };
}

/** CPU that a run took beyond the plain stream's, as a share of that: workers alone, and with the servers. */
function overheadOf({ cpuSeconds }: Pick<MeasuredRun, 'cpuSeconds'>, plain: PlainFigures) {
  const { workers, temporal, store } = cpuSeconds;
  const work = plain['cpuSeconds'] ?? 0;
  return { workers: workers / work - 1, withServers: (workers + temporal + store) / work - 1 };
}

const sameRun = (a: MeasuredRun) => (b: MeasuredRun) =>
  a.workers === b.workers && a.store === b.store;

function merged(old: SizeFigures | undefined, fresh: SizeFigures): SizeFigures {
  const kept = old?.runs.filter((run) => !fresh.runs.some(sameRun(run))) ?? [];
  const runs = [...kept, ...fresh.runs].sort((a, b) => a.workers - b.workers);
  return { ...old, ...fresh, runs };
}

const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;

export const asText = (value: unknown): string => `${JSON.stringify(value, rounded, 2)}\n`;

async function stored(path: string): Promise<readonly SizeFigures[]> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) return [];
  return (parseJson(bytes, path) as { readonly results: readonly SizeFigures[] }).results;
}

/** Puts figures among those of a file, over older ones of the same, and draws the chart beside it. */
export async function storeFigures(path: string, fresh: SizeFigures): Promise<void> {
  const old = await stored(path);
  const before = old.find(({ records }) => records === fresh.records);
  const others = old.filter(({ records }) => records !== fresh.records);
  const results = [...others, merged(before, fresh)]
    .sort((a, b) => a.records - b.records)
    .map((size) => ({
      ...size,
      runs: size.runs.map((run) =>
        size.plain === undefined ? run : { ...run, cpuOverhead: overheadOf(run, size.plain) },
      ),
    }));
  await writeFile(path, asText({ bench: 'pipeline', machine, results }));
  await writeFile(path.replace(/\.json$/, '.svg'), pipelineSvg(results));
}
