// The domain's work on a file with no Temporal, no store and no seal: what the pipeline is compared
// with. Run as: node pipeline-plain.js hash|plain FILE POLICY; prints its figures as JSON.
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import {
  decodeFacts,
  decisionsById,
  encodeFacts,
  filterShard,
  planMinimization,
  sketchShard,
  type SketchSource,
} from '../domain/minimize/index.js';
import { ingestSources, type SourceFile } from '../domain/record/index.js';
import { createRecordRedactor } from '../domain/redact/index.js';
import { openTagger } from '../infra/redaction/index.js';
import { readPolicyFile } from './pipeline-policy.js';
import { sourceOf } from './pipeline-records.js';
import type { TrainingRecord } from '../schemas/index.js';

type Seconds = Record<string, number>;

function fileOf(path: string): SourceFile {
  return {
    name: 'records.jsonl',
    digest: '',
    sizeBytes: statSync(path).size,
    open: () => createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Uint8Array>,
    readRange: () => Promise.reject(new Error('JSON Lines are read in order')),
  };
}

async function hash(path: string): Promise<Seconds> {
  const began = performance.now();
  const digest = createHash('sha256');
  for await (const chunk of fileOf(path).open()) digest.update(chunk);
  digest.digest();
  return { hash: (performance.now() - began) / 1000 };
}

/** Ingest to minimize in one stream; the shards are held in memory, as a script would. */
async function plain(path: string, policyPath: string): Promise<Seconds & { kept: number }> {
  const policy = readPolicyFile(policyPath);
  const tagger = await openTagger(policy.redact.profile, policy.redact.model);
  const redact = createRecordRedactor(policy.redact, { tagger });
  const seconds: Seconds = { ingest: 0, redact: 0, minimize: 0 };
  let mark = performance.now();
  const before = process.cpuUsage();
  const lap = (stage: string): void => {
    const now = performance.now();
    seconds[stage] = (seconds[stage] ?? 0) + (now - mark) / 1000;
    mark = now;
  };
  const shards: { records: TrainingRecord[]; sketches: ReturnType<typeof sketchShard> }[] = [];
  const events = ingestSources([{ spec: sourceOf(path), files: [fileOf(path)] }], {
    dataset: 'generated',
    datasetKey: new Uint8Array(32).fill(1),
    policy: policy.ingest,
  });
  for await (const event of events) {
    if (event.kind !== 'shard') continue;
    lap('ingest');
    const redacted = await Promise.all(event.records.map(redact));
    const records = redacted.flatMap(({ record }) => record ?? []);
    lap('redact');
    shards.push({ records, sketches: sketchShard(records, policy.minimize.nearDuplicates) });
    lap('minimize');
  }
  lap('ingest');
  const source: SketchSource = {
    counts: shards.map(({ records }) => records.length),
    facts: (at) => Promise.resolve(shardAt(at).sketches.facts),
    bands: (at) => Promise.resolve(shardAt(at).sketches.bands),
    signatures: (at) => Promise.resolve(shardAt(at).sketches.signatures),
  };
  const shardAt = (at: number) => {
    const shard = shards[at];
    if (shard === undefined) throw new Error(`there is no shard ${String(at)}`);
    return shard;
  };
  let kept = 0;
  for await (const event of planMinimization(source, policy.minimize)) {
    if (event.kind === 'map') {
      kept += filterShard(shardAt(event.shard).records, decisionsById(event.decisions)).length;
    }
  }
  lap('minimize');
  const { user, system } = process.cpuUsage(before);
  return { ...seconds, cpuSeconds: (user + system) / 1e6, kept };
}

/** Exact duplicates alone, from records in memory to the plan. */
async function dedupe(path: string, policyPath: string): Promise<Seconds> {
  const policy = readPolicyFile(policyPath);
  const nearDuplicates = { ...policy.minimize.nearDuplicates, action: 'keep' } as const;
  const options = { ...policy.minimize, nearDuplicates };
  const shards: TrainingRecord[][] = [];
  const events = ingestSources([{ spec: sourceOf(path), files: [fileOf(path)] }], {
    dataset: 'generated',
    datasetKey: new Uint8Array(32).fill(1),
    policy: policy.ingest,
  });
  for await (const event of events) if (event.kind === 'shard') shards.push([...event.records]);
  const began = performance.now();
  const before = process.cpuUsage();
  const facts = shards.map((records) => encodeFacts(sketchShard(records, nearDuplicates).facts));
  const none = { count: 0, keys: new Uint32Array() };
  const source: SketchSource = {
    counts: shards.map(({ length }) => length),
    facts: (at) => Promise.resolve(decodeFacts(facts[at] ?? new Uint8Array())),
    bands: () => Promise.resolve(none),
    signatures: () => Promise.resolve({ permutations: 0, entries: new Uint16Array() }),
  };
  let merged = 0;
  for await (const event of planMinimization(source, options)) {
    if (event.kind === 'done') merged = event.report.byReason['exact-duplicate'];
  }
  const { user, system } = process.cpuUsage(before);
  const cpuSeconds = (user + system) / 1e6;
  return { dedupe: (performance.now() - began) / 1000, cpuSeconds, merged };
}

const [mode, path = '', policyPath = ''] = process.argv.slice(2);
const work = { hash, plain, dedupe }[mode ?? ''];
if (work === undefined) throw new Error('usage: pipeline-plain hash|plain|dedupe FILE POLICY');
const figures = await work(path, policyPath);
const peakRssMb = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ ...figures, peakRssMb }));
