import {
  correctionsKey,
  ingestSources,
  SHARD_MEDIA_TYPE,
  SUBJECT_INDEX_MEDIA_TYPE,
  type IngestSource,
  type SourceSpec,
  type SourceStore,
} from '../domain/record/index.js';
import { artifactList, LIST_MEDIA_TYPE, LineageError } from '../domain/lineage/index.js';
import { check, validateSourceManifest, type ArtifactRef } from '../schemas/index.js';
import type { DatasetSecrets, Executor, StepContext } from './context.js';
import { openBacklog, PUTS_AT_ONCE } from './lanes.js';
import { openQuarantine } from './quarantine-parts.js';

type FingerprintedSource = Omit<SourceSpec, 'path' | 'corrections'>;

/** The sources of the step with their files, as their manifests have them. */
async function sourcesOf(context: StepContext, store: SourceStore): Promise<IngestSource[]> {
  const specs = context.params['sources'] as readonly FingerprintedSource[];
  const manifests = context.refs('manifests');
  return Promise.all(
    specs.map(async (spec, at) => {
      const where = `manifest of source "${spec.name}"`;
      const ref = manifests[at];
      if (ref === undefined) throw new LineageError('STEP_INVALID', `there is no ${where}`);
      const manifest = check(validateSourceManifest, await context.readJson(ref), where);
      const path = context.hint(spec.name);
      const location =
        manifest.corrections === undefined
          ? { path }
          : { path, corrections: context.hint(correctionsKey(spec.name)) };
      const contents = await store.open(location, manifest);
      return { spec: { ...spec, path: spec.name }, ...contents };
    }),
  );
}

const REPORT_MEDIA_TYPE = 'application/vnd.custos.ingest-report+json';

/** Rows of any mapped source become record shards; bad rows go to quarantine, their bytes apart. */
export function createIngest(store: SourceStore): Executor {
  return async (context) => {
    const secrets = await context.readJson<DatasetSecrets>(context.ref('dataset'));
    const events = ingestSources(await sourcesOf(context, store), {
      dataset: context.params['dataset'] as string,
      datasetKey: Buffer.from(secrets.recordKey, 'base64'),
      policy: context.policy.ingest,
    });
    const quarantine = openQuarantine(context);
    const shards = openBacklog<ArtifactRef>(PUTS_AT_ONCE);
    const subjects = openBacklog<ArtifactRef>(PUTS_AT_ONCE);
    let [made, records] = [0, 0];
    for await (const event of events) {
      context.signal.throwIfAborted();
      if (event.kind === 'shard') {
        await shards.add(() => context.put(event.bytes, 'raw', SHARD_MEDIA_TYPE));
        await subjects.add(() => context.put(event.subjects, 'raw', SUBJECT_INDEX_MEDIA_TYPE));
        records += event.records.length;
        made += 1;
        context.heartbeat({ records, shards: made });
      } else if (event.kind === 'quarantine') {
        await quarantine.add(event.entry, event.raw);
      } else {
        const { report } = event;
        const list = (refs: readonly ArtifactRef[]) =>
          context.putJson(artifactList(refs), 'evidence', LIST_MEDIA_TYPE);
        return {
          outputs: {
            shards: await list(await shards.finish()),
            subjects: await list(await subjects.finish()),
            ...(await quarantine.finish()),
            report: await context.putJson(report, 'evidence', REPORT_MEDIA_TYPE),
          },
          counts: {
            rows: report.rows,
            records: report.records,
            quarantined: report.badRows,
            shards: made,
          },
        };
      }
    }
    throw new LineageError('STEP_INVALID', 'ingest ended without a report');
  };
}
