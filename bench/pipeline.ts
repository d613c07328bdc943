// Records and bytes a second by stage, CPU, and the peak memory of a worker, beside reading and hashing
// the same bytes and a plain stream that does the same work. Usage: npm run bench pipeline --
//   --records 10000,100000 --workers 1,2 [--store s3|files] [--to minimize|tokenize]
//   [--parts plain,pipeline] [--out FILE.json]: figures go among those of the file, with a chart beside it
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { generatedRun, writeRecords } from './pipeline-records.js';
import type { MeasuredRun, PlainFigures, SizeFigures } from './pipeline-figures.js';
import { asText, measuredRun, storeFigures } from './pipeline-results.js';
import { runPipeline } from './pipeline-run.js';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '10000' },
    workers: { type: 'string', default: '1' },
    store: { type: 'string', default: 's3' },
    to: { type: 'string', default: 'minimize' },
    parts: { type: 'string', default: 'plain,pipeline' },
    out: { type: 'string' },
  },
});
const numbers = (text: string): number[] => text.split(',').map(Number);
const parts = new Set(values.parts.split(','));
const run = promisify(execFile);

async function plainFigures(mode: string, path: string, policy: string): Promise<PlainFigures> {
  const script = fileURLToPath(new URL('./pipeline-plain.js', import.meta.url));
  const args = ['--max-old-space-size=16000', script, mode, path, policy];
  return JSON.parse((await run(process.execPath, args)).stdout) as PlainFigures;
}

/** The work of the plain stream, in seconds: what the pipeline cannot do without. */
const workOf = ({ ingest = 0, redact = 0, minimize = 0 }: PlainFigures): number =>
  ingest + redact + minimize;

async function plainParts(path: string, policy: string, { records, megabytes }: Size) {
  const hash = await plainFigures('hash', path, policy);
  const plain = await plainFigures('plain', path, policy);
  const dedupe = await plainFigures('dedupe', path, policy);
  return {
    hash: { ...hash, mbPerSecond: megabytes / (hash['hash'] ?? 1) },
    plain: { ...plain, recordsPerSecond: records / workOf(plain) },
    exactDeduplication: {
      ...dedupe,
      recordsPerSecond: records / (dedupe['dedupe'] ?? 1),
      recordsPerCpuSecond: records / (dedupe['cpuSeconds'] ?? 1),
    },
  };
}

type Size = Pick<SizeFigures, 'records' | 'megabytes'>;

async function measure(records: number, folder: string): Promise<SizeFigures> {
  const path = join(folder, `records-${String(records)}.jsonl`);
  await writeRecords(path, records);
  const size = { records, megabytes: (await stat(path)).size / 1e6 };
  const loaded = await generatedRun(path);
  const policyPath = join(folder, 'policy.json');
  await writeFile(policyPath, JSON.stringify(loaded.policy));
  const plain = parts.has('plain') ? await plainParts(path, policyPath, size) : {};
  const runs: MeasuredRun[] = [];
  for (const workers of parts.has('pipeline') ? numbers(values.workers) : []) {
    const store = values.store === 'files' ? 'files' : 's3';
    const figures = await runPipeline(loaded, { workers, store, last: values.to });
    runs.push(measuredRun(figures, { workers, store }, size));
  }
  await rm(path);
  return { ...size, ...plain, runs };
}

const folder = await mkdtemp(join(tmpdir(), 'custos-bench-records-'));
try {
  for (const records of numbers(values.records)) {
    const figures = await measure(records, folder);
    console.log(asText(figures));
    if (values.out !== undefined) await storeFigures(values.out, figures);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
