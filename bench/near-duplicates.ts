// Near duplicates beside published peers from PyPI: the same records, threshold, permutations and
// shingles; speed, and precision and recall against exact Jaccard over all pairs.
// Usage: npm run bench near-duplicates -- [--records 10000] [--out FILE]
import { execFileSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadRun } from '../cli/load-files.js';
import { planMinimization, sketchShard, type SketchSource } from '../domain/minimize/index.js';
import { ingestSources, type SourceFile } from '../domain/record/index.js';
import type { Policy, TrainingRecord } from '../schemas/index.js';
import { sourceOf, writeRecords } from './pipeline-records.js';

const PEERS = ['datasketch==1.6.5', 'rensa==0.5.0'];

const { values } = parseArgs({
  options: { records: { type: 'string', default: '10000' }, out: { type: 'string' } },
});

async function recordsOf(path: string, policy: Policy): Promise<TrainingRecord[]> {
  const file: SourceFile = {
    name: 'records.jsonl',
    digest: '',
    sizeBytes: (await stat(path)).size,
    open: () => createReadStream(path) as AsyncIterable<Uint8Array>,
    readRange: () => Promise.reject(new Error('JSON Lines are read in order')),
  };
  const events = ingestSources([{ spec: sourceOf(path), files: [file] }], {
    dataset: 'generated',
    datasetKey: new Uint8Array(32).fill(1),
    policy: policy.ingest,
  });
  const records: TrainingRecord[] = [];
  for await (const event of events) if (event.kind === 'shard') records.push(...event.records);
  // In the order in which the plan decides.
  return records.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** For each record the place of the one that stands for it, and the time that this took. */
async function ours(records: readonly TrainingRecord[], options: Policy['minimize']) {
  const [began, before] = [performance.now(), process.cpuUsage()];
  const sketches = sketchShard(records, options.nearDuplicates);
  const source: SketchSource = {
    counts: [records.length],
    facts: () => Promise.resolve(sketches.facts),
    bands: () => Promise.resolve(sketches.bands),
    signatures: () => Promise.resolve(sketches.signatures),
  };
  const stands: (number | null)[] = [];
  const places = new Map(records.map(({ id }, at) => [id, at]));
  for await (const event of planMinimization(source, options)) {
    if (event.kind !== 'map') continue;
    for (const decision of event.decisions) {
      stands.push(decision.outcome === 'merged' ? (places.get(decision.of) ?? null) : null);
    }
  }
  const { user, system } = process.cpuUsage(before);
  const recordsPerCpuSecond = records.length / ((user + system) / 1e6);
  return { stands, seconds: (performance.now() - began) / 1000, recordsPerCpuSecond };
}

const textOf = ({ messages }: TrainingRecord): string =>
  messages.map(({ role, content }) => `${role}\u001f${content.toLowerCase()}`).join('\u001e');

const folder = await mkdtemp(join(tmpdir(), 'custos-bench-near-'));
const { policy } = await loadRun('samples/run.yaml');
const { jaccard, permutations, shingleWords } = policy.minimize.nearDuplicates;
await writeRecords(join(folder, 'records.jsonl'), Number(values.records));
const records = await recordsOf(join(folder, 'records.jsonl'), policy);
const lines = (items: readonly unknown[]) =>
  items.map((item) => `${JSON.stringify(item)}\n`).join('');
const { stands, ...speed } = await ours(records, policy.minimize);
await writeFile(join(folder, 'texts'), lines(records.map(textOf)));
await writeFile(join(folder, 'ours'), lines(stands));
const python = join(folder, 'venv/bin/python');
execFileSync('python3', ['-m', 'venv', join(folder, 'venv')]);
execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...PEERS], { stdio: 'ignore' });
const options = [jaccard, permutations, shingleWords].map(String);
const script = resolve('bench/near-duplicates-peer.py');
const args = [script, join(folder, 'texts'), join(folder, 'ours'), ...options];
const found = JSON.parse(execFileSync(python, args, { encoding: 'utf8' })) as {
  readonly custos: object;
};
await rm(folder, { recursive: true, force: true });
const custos = { ...found.custos, ...speed };
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
const settings = { machine, commit, records: records.length, jaccard, permutations, shingleWords };
const text = JSON.stringify(
  { bench: 'near-duplicates', ...settings, peers: PEERS, ...found, custos },
  null,
  2,
);
if (values.out !== undefined) await writeFile(values.out, `${text}\n`);
console.log(text);
