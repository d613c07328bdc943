import {
  LineageError,
  parseList,
  readJson,
  refOfItem,
  type StepRuntime,
} from '../lineage/index.js';
import { readRunResults, resultOf } from '../schedule/index.js';
import { decodeTokenShard } from '../tokenize/index.js';
import {
  check,
  validateIngestReport,
  type ArtifactRef,
  type StepResult,
} from '../../schemas/index.js';
import type { DatasetFigures } from './compare.js';
import type { Frequencies } from './measures.js';

type Readers = Pick<StepRuntime, 'artifacts' | 'documents' | 'trustedKeys'>;

const refOf = (result: StepResult, name: string): ArtifactRef =>
  (result.outputs[name] ?? result.inputs[name]) as ArtifactRef;

const GONE: readonly unknown[] = ['ARTIFACT_ERASED', 'ARTIFACT_MISSING'];

/** Token id -> occurrences, a shard at a time; undefined when one was erased. */
async function countTokens(
  { artifacts }: Readers,
  project: string,
  tokenized: StepResult,
): Promise<Frequencies | undefined> {
  const list = refOf(tokenized, 'shardResults');
  const shards = parseList(await readJson(artifacts, list, project), 'the list of token sets');
  const counts = new Map<number, number>();
  try {
    for (const shard of shards) {
      const bytes = await artifacts.get(refOfItem(shard, 'tokens'), project);
      for (const { ids } of decodeTokenShard(bytes)) {
        for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
      }
    }
    return counts;
  } catch (error) {
    if (error instanceof LineageError && GONE.includes(error.code)) return undefined;
    throw error;
  }
}

function required(results: readonly StepResult[], runId: string, stage: string): StepResult {
  const found = resultOf(results, stage);
  if (found !== undefined) return found;
  throw new LineageError(
    'ARTIFACT_MISSING',
    `run ${runId} has no evidence of its ${stage} stage; compare runs that went through tokenize`,
  );
}

/**
 * The figures of a run's dataset, from its evidence.
 * @throws LineageError ARTIFACT_MISSING when the run did not come as far as its tokens
 */
export async function readFigures(
  readers: Readers,
  project: string,
  runId: string,
): Promise<DatasetFigures> {
  const results = await readRunResults(readers, runId);
  const of = (stage: string) => required(results, runId, stage);
  const [ingestion, redacted, tokenized] = [of('ingest'), of('redact'), of('tokenize')];
  const stored = await readJson(readers.artifacts, refOf(ingestion, 'report'), project);
  const report = check(validateIngestReport, stored, 'the ingest report');
  const spans = Object.entries(redacted.counts).flatMap(([name, count]) =>
    name.startsWith('spans.') ? [[name.slice('spans.'.length), count] as const] : [],
  );
  return {
    runId,
    sizes: {
      records: report.records,
      'bad rows': report.badRows,
      'kept records': tokenized.counts['sequences'] ?? 0,
      tokens: tokenized.counts['tokens'] ?? 0,
    },
    totalChars: report.lengths.totalChars,
    lengths: report.lengths.histogram,
    entities: Object.fromEntries(spans),
    tokenizer: refOf(tokenized, 'tokenizer').digest,
    vocabulary: await countTokens(readers, project, tokenized),
  };
}
