// What a run over changed records computes again, by counting executed shards: 1% appended, a
// contiguous 1% edited, one record erased; each against the first run in the same installation.
// Usage: npm run bench incremental -- [--records 1000000] [--workers 1] [--out FILE.json]
//   [--pipeline FILE.json]: the first run's figures go among those of bench/pipeline
//   [--entities EMAIL_ADDRESS]: looks for these alone, which takes a fraction of the time
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readRunSteps } from '../cli/run-evidence.js';
import { generatedRun, writeRecords, type RecordChanges } from './pipeline-records.js';
import { asText, commit, machine, measuredRun, storeFigures } from './pipeline-results.js';
import { withInstallation, type BenchInstallation } from './pipeline-run.js';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    workers: { type: 'string', default: '1' },
    out: { type: 'string' },
    pipeline: { type: 'string' },
    entities: { type: 'string' },
  },
});
const records = Number(values.records);
const workers = Number(values.workers);
const entities = values.entities?.split(',');
const onePercent = Math.round(records / 100);

/** States of the records after the first, each made of the first. */
const CHANGES: Readonly<Record<string, { readonly records: number } & RecordChanges>> = {
  appended: { records: records + onePercent },
  edited: { records, edited: { from: records / 2, to: records / 2 + onePercent } },
  erased: { records, erased: Math.round(records / 3) },
  unchanged: { records },
};

/** Shards of every stage over shards, and how many of them this run computed. */
async function workOf({ stores }: BenchInstallation, runId: string) {
  const stages = (await readRunSteps(stores, runId))
    .filter(({ result }) => result.outputs['shardResults'] !== undefined)
    .map(({ run, result }) => ({
      step: result.step,
      shards: result.counts['shards'] ?? 0,
      computed: run.shards?.computed ?? 0,
    }));
  const sum = (of: 'shards' | 'computed') => stages.reduce((total, stage) => total + stage[of], 0);
  return { share: sum('computed') / sum('shards'), stages };
}

async function measure(installation: BenchInstallation, path: string) {
  const results: Record<string, unknown> = {};
  const store = async (): Promise<void> => {
    const run = { records, workers, entities: entities ?? 'all of the policy' };
    const figures = { bench: 'incremental', machine, commit: commit(), ...run, results };
    if (values.out !== undefined) await writeFile(values.out, asText(figures));
  };
  const loaded = await generatedRun(path, entities);
  await writeRecords(path, records);
  const size = { records, megabytes: (await stat(path)).size / 1e6 };
  const first = await installation.run(loaded, 'minimize');
  const base = measuredRun(first, { workers, store: 's3' }, size);
  if (values.pipeline !== undefined) await storeFigures(values.pipeline, { ...size, runs: [base] });
  const { share, stages: work } = await workOf(installation, first.runId);
  results['first'] = { share, work, ...base };
  await store();
  for (const [name, { records: count, ...changes }] of Object.entries(CHANGES)) {
    await writeRecords(path, count, changes);
    const { stages, seconds, cpuSeconds, kept, runId } = await installation.run(loaded, 'minimize');
    const { share, stages: work } = await workOf(installation, runId);
    results[name] = { share, work, seconds, cpuSeconds, kept, stages };
    console.error(name, asText(results[name]));
    await store();
  }
  return results;
}

const folder = await mkdtemp(join(tmpdir(), 'custos-bench-records-'));
try {
  const path = join(folder, 'records.jsonl');
  const options = { workers, store: 's3' } as const;
  console.log(asText(await withInstallation(options, (at) => measure(at, path))));
} finally {
  await rm(folder, { recursive: true, force: true });
}
