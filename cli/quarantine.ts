import { parseStatement } from '../domain/evidence/index.js';
import { readJson, refsOf } from '../domain/lineage/index.js';
import {
  compileSource,
  decodeLines,
  quarantinedRow,
  type CompiledSource,
  type QuarantinedRow,
  type SourceSpec,
} from '../domain/record/index.js';
import type { Stores } from '../infra/runtime/index.js';
import {
  check,
  validateSourceManifest,
  type QuarantineEntry,
  type RejectReason,
  type SourceManifest,
  type StepResult,
  type StepStatement,
} from '../schemas/index.js';
import { CliError } from './errors.js';
import { readRunSteps } from './run-evidence.js';

/** The quarantine of a run, and the sources as its signed ingest was given them. */
export interface Quarantine {
  readonly sources: readonly CompiledSource[];
  /** Rows in the order of the sources, part after part. */
  rows(reason?: RejectReason): AsyncIterable<QuarantinedRow>;
}

type Sources = readonly Omit<SourceSpec, 'path'>[];

async function manifestsOf(
  stores: Stores,
  project: string,
  sources: Sources,
  ingest: StepResult,
): Promise<ReadonlyMap<string, SourceManifest>> {
  const refs = refsOf(ingest.inputs['manifests']);
  const read = sources.map(async ({ name }, at) => {
    const ref = refs[at];
    const where = `the manifest of source "${name}"`;
    if (ref === undefined) throw new CliError('NOT_FOUND', `the run has no ${where}`);
    const manifest = await readJson(stores.artifacts, ref, project);
    return [name, check(validateSourceManifest, manifest, where)] as const;
  });
  return new Map(await Promise.all(read));
}

/** Opens the quarantine of a run whose ingest ended. @throws CliError NOT_FOUND */
export async function openQuarantine(stores: Stores, runId: string): Promise<Quarantine> {
  const steps = await readRunSteps(stores, runId);
  const step = steps.find(({ result }) => result.step.startsWith('custos.ingest.v'));
  if (step === undefined) {
    throw new CliError('NOT_FOUND', `run ${runId} has no ingest stage in its evidence yet`);
  }
  const ingest = step.result;
  const payload = Buffer.from(step.committed.envelope.payload, 'base64');
  const { predicate } = parseStatement(payload, ingest.step) as StepStatement;
  const { project, params } = predicate.buildDefinition.externalParameters;
  const sources = params['sources'] as Sources;
  const manifests = await manifestsOf(stores, project, sources, ingest);
  const bytes = async (name: string, part: number): Promise<Uint8Array> => {
    const ref = refsOf(ingest.outputs[name])[part];
    if (ref === undefined) throw new CliError('NOT_FOUND', `run ${runId} has no ${name} part`);
    return stores.artifacts.get(ref, project);
  };
  return {
    sources: sources.map((source) => compileSource({ ...source, path: source.name })),
    async *rows(reason) {
      for (const part of refsOf(ingest.outputs['quarantine']).keys()) {
        const entries = decodeLines<QuarantineEntry>(await bytes('quarantine', part));
        const raw = Buffer.from(await bytes('quarantineRows', part))
          .toString('latin1')
          .split('\n');
        for (const [at, entry] of entries.entries()) {
          if (reason !== undefined && entry.reason !== reason) continue;
          const row = Buffer.from(raw[at] ?? '', 'base64');
          yield quarantinedRow(entry, row, manifests.get(entry.source));
        }
      }
    },
  };
}
