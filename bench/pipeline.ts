// Records and bytes a second by stage, and the peak memory of a worker, beside reading and hashing
// the same bytes and a plain stream that does the same work. Usage: npm run bench pipeline --
//   --records 10000,100000 --workers 1,2 [--store s3|files] [--to minimize|tokenize] [--out FILE]
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { loadRun, type LoadedRun } from '../cli/load-files.js';
import { sourceOf, writeRecords } from './pipeline-records.js';
import { runPipeline, type RunFigures } from './pipeline-run.js';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '10000' },
    workers: { type: 'string', default: '1' },
    store: { type: 'string', default: 's3' },
    to: { type: 'string', default: 'minimize' },
    out: { type: 'string' },
  },
});
const numbers = (text: string): number[] => text.split(',').map(Number);
const run = promisify(execFile);

/** The sample's run over a generated file: patterns only, shards as in production. */
async function loadedRun(path: string): Promise<LoadedRun> {
  const loaded = await loadRun('samples/run.yaml');
  const ingest = { ...loaded.policy.ingest, shardRecords: 2048 };
  return {
    ...loaded,
    policy: { ...loaded.policy, ingest, redact: { ...loaded.policy.redact, profile: 'patterns' } },
    request: { ...loaded.request, dataset: { name: 'generated', sources: [sourceOf(path)] } },
    locations: { ...loaded.locations, generated: path },
  };
}

type Figures = Readonly<Record<string, number>>;

async function plainFigures(mode: string, path: string, policy: string): Promise<Figures> {
  const script = fileURLToPath(new URL('./pipeline-plain.js', import.meta.url));
  const args = ['--max-old-space-size=16000', script, mode, path, policy];
  return JSON.parse((await run(process.execPath, args)).stdout) as Figures;
}

const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;

/** The work of the plain stream, in seconds: what the pipeline cannot do without. */
const workOf = ({ ingest = 0, redact = 0, minimize = 0 }: Figures): number =>
  ingest + redact + minimize;

function withRates({ stages, ...rest }: RunFigures, records: number, megabytes: number) {
  return {
    ...rest,
    stages: stages.map((stage) => ({
      ...stage,
      recordsPerSecond: records / stage.seconds,
      mbPerSecond: megabytes / stage.seconds,
    })),
  };
}

async function measure(records: number, folder: string) {
  const path = join(folder, `records-${String(records)}.jsonl`);
  await writeRecords(path, records);
  const megabytes = (await stat(path)).size / 1e6;
  const loaded = await loadedRun(path);
  const policyPath = join(folder, 'policy.json');
  await writeFile(policyPath, JSON.stringify(loaded.policy));
  const hash = await plainFigures('hash', path, policyPath);
  const plain = await plainFigures('plain', path, policyPath);
  const dedupe = await plainFigures('dedupe', path, policyPath);
  const runs = [];
  for (const workers of numbers(values.workers)) {
    const store = values.store === 'files' ? 'files' : 's3';
    const figures = await runPipeline(loaded, { workers, store, last: values.to });
    const overhead = (figures.seconds * Math.min(workers, cpus().length)) / workOf(plain) - 1;
    const rates = withRates(figures, records, megabytes);
    // Of a machine that others use too, this says more than the time on the clock.
    const cpuOverhead = figures.cpuSeconds.workers / (plain['cpuSeconds'] ?? 1) - 1;
    const total = { recordsPerSecond: records / figures.seconds, overhead, cpuOverhead };
    runs.push({ workers, store, ...total, ...rates });
    console.error(JSON.stringify(runs.at(-1), rounded));
  }
  await rm(path);
  return {
    records,
    megabytes,
    hash: { ...hash, mbPerSecond: megabytes / (hash['hash'] ?? 1) },
    plain: { ...plain, recordsPerSecond: records / workOf(plain) },
    exactDeduplication: {
      ...dedupe,
      recordsPerSecond: records / (dedupe['dedupe'] ?? 1),
      recordsPerCpuSecond: records / (dedupe['cpuSeconds'] ?? 1),
    },
    runs,
  };
}

const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryMb: totalmem() / 2 ** 20,
  node: process.version,
};
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
const folder = await mkdtemp(join(tmpdir(), 'custos-bench-records-'));
const results = [];
let text = '';
for (const records of numbers(values.records)) {
  results.push(await measure(records, folder));
  text = `${JSON.stringify({ bench: 'pipeline', machine, commit, results }, rounded, 2)}\n`;
  if (values.out !== undefined) await writeFile(values.out, text);
}
await rm(folder, { recursive: true, force: true });
console.log(text);
