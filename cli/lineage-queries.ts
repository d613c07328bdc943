import { readJson, refsOf } from '../domain/lineage/index.js';
import { decodeLines, decodeShard, recordIdByKey } from '../domain/record/index.js';
import { decodeTokenShard } from '../domain/tokenize/index.js';
import type { Stores } from '../infra/runtime/index.js';
import type { MinimizeDecision, RegistryEntry, SpanReport } from '../schemas/index.js';
import { CliError } from './errors.js';
import { listEvidenceRuns, readRunSteps, type RunStep } from './run-evidence.js';
import { refOf, shardsOf, stageOf } from './stage-results.js';

export interface AdapterLineage {
  readonly entry: RegistryEntry;
  readonly stages: readonly {
    readonly step: string;
    readonly outcome: string;
    readonly counts: Readonly<Record<string, number>>;
  }[];
  readonly review: Readonly<Record<string, unknown>>;
  /** Ids of the records whose sequences the adapter was trained on. */
  readonly records: readonly string[];
}

/** Record ids of the sequences that were trained on, in their order. */
async function* trainedIds(
  stores: Stores,
  project: string,
  steps: readonly RunStep[],
): AsyncGenerator<string> {
  for (const shard of await shardsOf(stores, project, stageOf(steps, 'tokenize'))) {
    for (const ref of refsOf(shard.outputs['tokens'])) {
      const sequences = decodeTokenShard(await stores.artifacts.get(ref, project));
      for (const { heldOut, recordId } of sequences) if (!heldOut) yield recordId;
    }
  }
}

/** Which records made an adapter, who approved, which gates it passed. */
export async function adapterLineage(
  stores: Stores,
  project: string,
  name: string,
  version: number | undefined,
): Promise<AdapterLineage> {
  const entry = await stores.registry.find(project, name, version);
  if (entry === undefined) {
    throw new CliError(
      'NOT_FOUND',
      `there is no adapter ${name} in project ${project}; "custos adapters" lists them`,
    );
  }
  const steps = await readRunSteps(stores, entry.runId);
  const records: string[] = [];
  for await (const id of trainedIds(stores, project, steps)) records.push(id);
  return {
    entry,
    stages: steps.map(({ run, result }) => ({
      step: result.step,
      outcome: run.outcome,
      counts: result.counts,
    })),
    review: stageOf(steps, 'review').values,
    records,
  };
}

export interface RecordTrace {
  readonly runId: string;
  readonly adapter: string | null;
  readonly outcome: string;
  readonly reason: string | null;
  readonly spansRemoved: Readonly<Record<string, number>>;
  readonly trained: boolean;
}

/** The id of the record that a source's primary key names, under the dataset key of a run. */
export async function recordIdOf(
  stores: Stores,
  project: string,
  steps: readonly RunStep[],
  source: string,
  key: string,
): Promise<string> {
  const dataset = refOf(stageOf(steps, 'dataset'), 'dataset');
  const { recordKey } = (await readJson(stores.artifacts, dataset, project)) as {
    readonly recordKey: string;
  };
  return recordIdByKey(Buffer.from(recordKey, 'base64'), source, key);
}

async function traceInRun(
  stores: Stores,
  project: string,
  steps: readonly RunStep[],
  recordId: string,
): Promise<Omit<RecordTrace, 'runId' | 'adapter'> | undefined> {
  const spansRemoved: Record<string, number> = {};
  let found = false;
  for (const shard of await shardsOf(stores, project, stageOf(steps, 'redact'))) {
    const [redacted] = refsOf(shard.outputs['redacted']);
    const [spans] = refsOf(shard.outputs['spans']);
    if (redacted === undefined || spans === undefined) continue;
    const records = decodeShard(await stores.artifacts.get(redacted, project), redacted.digest);
    if (![...records].some(({ id }) => id === recordId)) continue;
    found = true;
    const lines = decodeLines<SpanReport>(await stores.artifacts.get(spans, project));
    for (const { recordId: id, type, action } of lines) {
      if (id === recordId && action !== 'keep') spansRemoved[type] = (spansRemoved[type] ?? 0) + 1;
    }
  }
  if (!found) return undefined;
  const decision = await decisionOf(stores, project, steps, recordId);
  return {
    outcome: decision?.outcome ?? 'not approved',
    reason: decision !== undefined && 'reason' in decision ? decision.reason : null,
    spansRemoved,
    trained: await isTrained(stores, project, steps, recordId),
  };
}

async function decisionOf(
  stores: Stores,
  project: string,
  steps: readonly RunStep[],
  recordId: string,
): Promise<MinimizeDecision | undefined> {
  const plan = steps.find(({ result }) => result.step.startsWith('custos.minimize-plan.'));
  const [map] = refsOf(plan?.result.outputs['map']);
  if (map === undefined) return undefined;
  const decisions = decodeLines<MinimizeDecision>(await stores.artifacts.get(map, project));
  return decisions.find((decision) => decision.recordId === recordId);
}

async function isTrained(
  stores: Stores,
  project: string,
  steps: readonly RunStep[],
  recordId: string,
): Promise<boolean> {
  if (!steps.some(({ result }) => result.step.startsWith('custos.train.'))) return false;
  for await (const id of trainedIds(stores, project, steps)) if (id === recordId) return true;
  return false;
}

/** Where a record went, run by run. `idIn` gives its id under the dataset key of a run. */
export async function recordLineage(
  stores: Stores,
  project: string,
  idIn: (steps: readonly RunStep[]) => Promise<string>,
): Promise<readonly RecordTrace[]> {
  const adapters = new Map(
    (await stores.registry.list(project)).map((entry) => [entry.runId, entry]),
  );
  const traces: RecordTrace[] = [];
  for (const runId of await listEvidenceRuns(stores)) {
    if (!runId.startsWith(`${project}-`)) continue;
    const steps = await readRunSteps(stores, runId);
    if (!steps.some(({ result }) => result.step.startsWith('custos.redact.v'))) continue;
    const trace = await traceInRun(stores, project, steps, await idIn(steps));
    const entry = adapters.get(runId);
    const adapter = entry === undefined ? null : `${entry.name}@${String(entry.version)}`;
    if (trace !== undefined) traces.push({ runId, adapter, ...trace });
  }
  return traces;
}

export interface ArtifactUse {
  readonly runId: string;
  readonly step: string;
  readonly as: string;
  readonly name: string;
}

/** The steps that made or read an artifact. */
export async function artifactLineage(
  stores: Stores,
  project: string,
  digest: string,
): Promise<readonly ArtifactUse[]> {
  const uses: ArtifactUse[] = [];
  for (const runId of await listEvidenceRuns(stores)) {
    if (!runId.startsWith(`${project}-`)) continue;
    for (const { result } of await readRunSteps(stores, runId)) {
      const results = [result, ...(await shardsOf(stores, project, result))];
      for (const { step, inputs, outputs } of results) {
        for (const [as, tableOf] of [
          ['made', outputs],
          ['read', inputs],
        ] as const) {
          for (const [name, value] of Object.entries(tableOf)) {
            if (refsOf(value).some((ref) => ref.digest === digest))
              uses.push({ runId, step, as, name });
          }
        }
      }
    }
  }
  return uses;
}
