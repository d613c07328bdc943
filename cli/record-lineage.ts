import { parseList, readJson, refOfItem, refsOf } from '../domain/lineage/index.js';
import { decodeLines, decodeShard, recordIdByKey } from '../domain/record/index.js';
import { ITEM } from '../policies/index.js';
import type { Stores } from '../infra/runtime/index.js';
import type { IngestReport, MinimizeDecision, SpanReport } from '../schemas/index.js';
import { CliError } from './errors.js';
import { readRunSteps, type RunStep } from './run-evidence.js';
import { ofProject, projectRuns } from './run-people.js';
import { registeredEntry } from './run-report.js';
import { refOf, shardsOf, stageOf } from './stage-results.js';
import { trainedRecords } from './trained-records.js';

export interface RecordTrace {
  readonly runId: string;
  readonly adapter: string | null;
  readonly outcome: string;
  readonly reason: string | null;
  readonly spansRemoved: Readonly<Record<string, number>>;
  readonly training: TrainingUse;
}

/**
 * What training did with a record. `read`: an optimizer step saw it. `not-read`: it was in the
 * training set, and training stopped before it. `held-out`: measured, never trained on.
 */
export type TrainingUse = 'read' | 'not-read' | 'held-out' | 'not-used';

/** The id of the record that a source's primary key names, under the dataset key of a run. */
async function recordIdOf(
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
  const spans: SpanReport[] = [];
  let isKept = false;
  for (const shard of await shardsOf(stores, project, stageOf(steps, 'redact'))) {
    const [redacted] = refsOf(shard.outputs['redacted']);
    const [report] = refsOf(shard.outputs['spans']);
    if (redacted === undefined || report === undefined) continue;
    const records = decodeShard(await stores.artifacts.get(redacted, project), redacted.digest);
    isKept ||= [...records].some(({ id }) => id === recordId);
    const lines = decodeLines<SpanReport>(await stores.artifacts.get(report, project));
    for (const line of lines) if (line.recordId === recordId) spans.push(line);
  }
  const dropping = spans.filter(({ action }) => action === 'drop-record');
  if (!isKept && dropping.length === 0) return undefined;
  const decision = isKept ? await decisionOf(stores, project, steps, recordId) : undefined;
  const policyReason = isKept ? null : `redaction policy drops records with ${typesOf(dropping)}`;
  return {
    outcome: isKept ? (decision?.outcome ?? 'not approved') : 'dropped',
    reason: decision !== undefined && 'reason' in decision ? decision.reason : policyReason,
    spansRemoved: countRemoved(spans),
    training: await trainingUse(stores, project, steps, recordId),
  };
}

const typesOf = (spans: readonly SpanReport[]): string =>
  [...new Set(spans.map(({ type }) => type))].sort().join(', ');

function countRemoved(spans: readonly SpanReport[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type, action } of spans) {
    if (action !== 'keep') counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
}

async function decisionOf(
  stores: Stores,
  project: string,
  steps: readonly RunStep[],
  recordId: string,
): Promise<MinimizeDecision | undefined> {
  const plan = steps.find(({ result }) => result.step.startsWith('custos.minimize-plan.'));
  const [list] = refsOf(plan?.result.outputs['maps']);
  if (list === undefined) return undefined;
  for (const item of parseList(await readJson(stores.artifacts, list, project), 'the maps')) {
    const map = await stores.artifacts.get(refOfItem(item, ITEM), project);
    const found = decodeLines<MinimizeDecision>(map).find((one) => one.recordId === recordId);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function trainingUse(
  stores: Stores,
  project: string,
  steps: readonly RunStep[],
  recordId: string,
): Promise<TrainingUse> {
  const train = steps.find(({ result }) => result.step.startsWith('custos.train.v'));
  if (train === undefined) return 'not-used';
  const { trainingSet, heldOut, read } = await trainedRecords(stores, project, train.result);
  if (read.includes(recordId)) return 'read';
  if (trainingSet.includes(recordId)) return 'not-read';
  return heldOut.includes(recordId) ? 'held-out' : 'not-used';
}

interface RedactedRun {
  readonly runId: string;
  readonly project: string;
  readonly steps: readonly RunStep[];
}

/** Names of the sources that runs have read. */
async function sourcesOf(
  stores: Stores,
  runs: readonly RedactedRun[],
): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const { project, steps } of runs) {
    const report = refOf(stageOf(steps, 'ingest'), 'report');
    const { sources } = (await readJson(stores.artifacts, report, project)) as IngestReport;
    for (const { name } of sources) names.add(name);
  }
  return names;
}

/** The runs, of a project or of all, that have redacted their records. */
async function redactedRuns(
  stores: Stores,
  wanted: string | undefined,
): Promise<readonly RedactedRun[]> {
  const runs: RedactedRun[] = [];
  for (const { runId, project } of await projectRuns(stores, wanted)) {
    const steps = await readRunSteps(stores, runId);
    if (steps.some(({ result }) => result.step.startsWith('custos.redact.v')))
      runs.push({ runId, project, steps });
  }
  return runs;
}

/** A record by its id, or by its source and primary key, which make an id in each dataset. */
export type RecordName =
  { readonly id: string } | { readonly source: string; readonly key: string };

/** @throws CliError NOT_FOUND naming the sources that there are */
async function requireSource(
  stores: Stores,
  wanted: string | undefined,
  runs: readonly RedactedRun[],
  source: string,
): Promise<void> {
  const names = await sourcesOf(stores, runs);
  if (names.has(source)) return;
  const known = names.size === 0 ? 'there is none' : `there are ${[...names].sort().join(', ')}`;
  throw new CliError(
    'NOT_FOUND',
    `no run${ofProject(wanted)} has read a source "${source}"; ${known}`,
  );
}

/**
 * Where a record went, run by run, in one project or in all.
 * @throws CliError NOT_FOUND for a source or a record that no run has
 */
export async function recordLineage(
  stores: Stores,
  wanted: string | undefined,
  name: RecordName,
): Promise<readonly RecordTrace[]> {
  const entries = await stores.registry.list(wanted);
  const runs = await redactedRuns(stores, wanted);
  if ('source' in name) await requireSource(stores, wanted, runs, name.source);
  const traces: RecordTrace[] = [];
  for (const { runId, project, steps } of runs) {
    const id =
      'id' in name ? name.id : await recordIdOf(stores, project, steps, name.source, name.key);
    const trace = await traceInRun(stores, project, steps, id);
    const entry = registeredEntry(entries, runId, steps);
    const adapter = entry === undefined ? null : `${entry.name}@${String(entry.version)}`;
    if (trace !== undefined) traces.push({ runId, adapter, ...trace });
  }
  if (traces.length > 0) return traces;
  throw new CliError(
    'NOT_FOUND',
    `no run${ofProject(wanted)} has this record; it may be in quarantine, or have another key`,
  );
}
