import {
  encodeShard,
  ingestSources,
  SHARD_MEDIA_TYPE,
  SUBJECT_INDEX_MEDIA_TYPE,
  type IngestSource,
  type SourceSpec,
} from '../domain/record/index.js';
import { LineageError } from '../domain/lineage/index.js';
import type { ArtifactRef } from '../schemas/index.js';
import type { DatasetSecrets, Executor, StepContext } from './context.js';

/** Opens a source file and verifies, at its end, that it had the promised digest. */
export type OpenSource = (path: string, digest: string) => AsyncIterable<Uint8Array>;

type FingerprintedSource = Omit<SourceSpec, 'path'> & {
  readonly digest: string;
  readonly sizeBytes: number;
};

function sourcesOf(context: StepContext, openSource: OpenSource): IngestSource[] {
  const sources = context.params['sources'] as readonly FingerprintedSource[];
  return sources.map(({ digest, sizeBytes, ...spec }) => ({
    spec: { ...spec, path: spec.name },
    files: [
      {
        name: spec.name,
        digest,
        sizeBytes,
        open: () => openSource(context.hint(spec.name), digest),
        readRange: () => Promise.reject(new LineageError('STEP_INVALID', 'no ranges yet')),
      },
    ],
  }));
}

/** Rows of any mapped source become record shards; bad rows go to quarantine, their bytes apart. */
export function createIngest(openSource: OpenSource): Executor {
  return async (context) => {
    const secrets = await context.readJson<DatasetSecrets>(context.ref('dataset'));
    const events = ingestSources(sourcesOf(context, openSource), {
      dataset: context.params['dataset'] as string,
      datasetKey: Buffer.from(secrets.recordKey, 'base64'),
      policy: context.policy.ingest,
    });
    const shards: ArtifactRef[] = [];
    const entries: string[] = [];
    const rows: string[] = [];
    let records = 0;
    for await (const event of events) {
      context.signal.throwIfAborted();
      if (event.kind === 'shard') {
        shards.push(await context.put(encodeShard(event.records), 'raw', SHARD_MEDIA_TYPE));
        records += event.records.length;
        context.heartbeat({ records, shards: shards.length });
      } else if (event.kind === 'quarantine') {
        entries.push(JSON.stringify(event.entry));
        rows.push(Buffer.from(event.raw).toString('base64'));
      } else {
        const { report, subjectIndex } = event;
        return {
          outputs: {
            shards,
            quarantine: await context.put(
              lines(entries),
              'raw',
              'application/vnd.custos.quarantine+jsonl',
            ),
            quarantineRows: await context.put(
              lines(rows),
              'raw',
              'application/vnd.custos.quarantine-rows',
            ),
            subjects: await context.put(subjectIndex, 'raw', SUBJECT_INDEX_MEDIA_TYPE),
            report: await context.putJson(
              report,
              'evidence',
              'application/vnd.custos.ingest-report+json',
            ),
          },
          counts: {
            rows: report.rows,
            records: report.records,
            quarantined: report.badRows,
            shards: shards.length,
          },
        };
      }
    }
    throw new LineageError('STEP_INVALID', 'ingest ended without a report');
  };
}

const lines = (items: readonly string[]): string => items.map((item) => `${item}\n`).join('');
