import { decodeShard, recordIdByKey } from '../domain/record/index.js';
import { decodeTokenShard } from '../domain/tokenize/index.js';
import type { Stores } from '../infra/runtime/index.js';
import type { ArtifactRef, MinimizeDecision, RegistryEntry, StepResult } from '../schemas/index.js';
import { CliError } from './errors.js';
import { listEvidenceRuns, readRunSteps, type RunStep } from './run-evidence.js';

const refsOf = (value: ArtifactRef | readonly ArtifactRef[] | undefined): readonly ArtifactRef[] =>
  value === undefined ? [] : ([value].flat() as readonly ArtifactRef[]);

/** The result of one stage of a run, such as `train`. */
export function stageOf(steps: readonly RunStep[], stage: string): StepResult {
  const found = steps.find(({ result }) => result.step.startsWith(`custos.${stage}.v`));
  if (found !== undefined) return found.result;
  throw new CliError('NOT_FOUND', `the run has no ${stage} stage in its evidence yet`);
}

async function readJson<T>(stores: Stores, project: string, ref: ArtifactRef): Promise<T> {
  return JSON.parse(Buffer.from(await stores.artifacts.get(ref, project)).toString('utf8')) as T;
}

/** The signed results of a fanned-out stage's shards. */
export async function shardsOf(
  stores: Stores,
  project: string,
  stage: StepResult,
): Promise<readonly StepResult[]> {
  const lists = refsOf(stage.outputs['shardResults']).map((ref) =>
    readJson<StepResult[]>(stores, project, ref),
  );
  return (await Promise.all(lists)).flat();
}

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
  for (const shard of await shardsOf(stores, project, stageOf(steps, 'tokenize'))) {
    for (const ref of refsOf(shard.outputs['tokens'])) {
      const sequences = decodeTokenShard(await stores.artifacts.get(ref, project));
      records.push(...sequences.filter(({ heldOut }) => !heldOut).map(({ recordId }) => recordId));
    }
  }
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
  const [dataset] = refsOf(stageOf(steps, 'dataset').outputs['dataset']);
  if (dataset === undefined) throw new CliError('NOT_FOUND', 'the run names no dataset');
  const { recordKey } = await readJson<{ recordKey: string }>(stores, project, dataset);
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
    const lines = Buffer.from(await stores.artifacts.get(spans, project))
      .toString('utf8')
      .split('\n');
    for (const line of lines.filter((text) => text.includes(recordId))) {
      const { type, action } = JSON.parse(line) as { type: string; action: string };
      if (action !== 'keep') spansRemoved[type] = (spansRemoved[type] ?? 0) + 1;
    }
  }
  if (!found) return undefined;
  const decision = await decisionOf(stores, project, steps, recordId);
  return {
    outcome: decision?.outcome ?? 'not approved',
    reason: decision !== undefined && 'reason' in decision ? (decision.reason ?? null) : null,
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
  const lines = Buffer.from(await stores.artifacts.get(map, project))
    .toString('utf8')
    .split('\n');
  const line = lines.find((text) => text.includes(`"recordId":"${recordId}"`));
  return line === undefined ? undefined : (JSON.parse(line) as MinimizeDecision);
}

async function isTrained(
  stores: Stores,
  project: string,
  steps: readonly RunStep[],
  recordId: string,
): Promise<boolean> {
  if (!steps.some(({ result }) => result.step.startsWith('custos.train.'))) return false;
  for (const shard of await shardsOf(stores, project, stageOf(steps, 'tokenize'))) {
    for (const ref of refsOf(shard.outputs['tokens'])) {
      const sequences = decodeTokenShard(await stores.artifacts.get(ref, project));
      if (sequences.some((sequence) => sequence.recordId === recordId && !sequence.heldOut))
        return true;
    }
  }
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
