import type { Client } from '@temporalio/client';
import { adapterDigestOf } from '../domain/evidence/index.js';
import { readJson } from '../domain/lineage/index.js';
import type { Stores } from '../infra/runtime/index.js';
import {
  check,
  validateGateDecision,
  validateLeakReport,
  type GateDecision,
  type LeakReport,
  type MemoryPlan,
  type RegistryEntry,
  type StepResult,
} from '../schemas/index.js';
import type { RunStep } from './run-evidence.js';
import { ANY_PROJECT, reviewFacts, submissionFacts } from './run-people.js';
import type { ReviewFacts, SubmissionFacts } from './run-people.js';
import type { RunStanding } from './run-standing.js';
import { lookAtRun, type RunView } from './run-watcher.js';
import { stageLines, type StageLine } from './stage-lines.js';
import { refOf } from './stage-results.js';

export interface AdapterFacts {
  readonly name: string;
  readonly version: number | null;
  readonly stage: string;
  readonly digest: string;
  /** `trainable params: N || all params: M || trainable%: P` */
  readonly parameters: string;
  readonly steps: number;
  /** What the training was planned to take; null in the evidence of older versions. */
  readonly memory: MemoryPlan | null;
  /** Mean loss per token of the held-out records, nats. */
  readonly heldOutBefore: number | null;
  readonly heldOutAfter: number | null;
}

/** Everything that an engineer or an auditor asks of one run, from its evidence. */
export interface RunReport {
  readonly runId: string;
  readonly state: string;
  readonly submission: SubmissionFacts | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly durationMs: number | null;
  readonly stages: readonly StageLine[];
  readonly reviewWorkflowId?: string;
  readonly failure?: RunStanding['failure'];
  readonly review: ReviewFacts | null;
  readonly adapter: AdapterFacts | null;
  readonly outcome: GateDecision['outcome'] | null;
  readonly gates: GateDecision['gates'];
  readonly leak: LeakReport | null;
  readonly steps: readonly RunStep[];
}

const resultOf = (steps: readonly RunStep[], stage: string): StepResult | undefined =>
  steps.find(({ result }) => result.step.startsWith(`custos.${stage}.v`))?.result;

/** An adapter's own entry, or that of the run which made the very same one before. */
function entryOfDigest(
  entries: readonly RegistryEntry[],
  runId: string,
  digest: string,
): RegistryEntry | undefined {
  const equal = entries.filter((one) => one.adapterDigest === digest);
  return equal.find((one) => one.runId === runId) ?? equal.at(-1);
}

/** What the registry has of the adapter that a run trained; undefined before it did. */
export function registeredEntry(
  entries: readonly RegistryEntry[],
  runId: string,
  steps: readonly RunStep[],
): RegistryEntry | undefined {
  const train = resultOf(steps, 'train');
  return train && entryOfDigest(entries, runId, adapterDigestOf(train));
}

async function adapterFacts(
  stores: Stores,
  runId: string,
  train: StepResult | undefined,
  release: StepResult | undefined,
): Promise<AdapterFacts | null> {
  if (train === undefined) return null;
  const digest = adapterDigestOf(train);
  const entry = entryOfDigest(await stores.registry.list(), runId, digest);
  const number = (name: string): number | null => {
    const value = train.values[name];
    return typeof value === 'number' ? value : null;
  };
  const text = (value: unknown, otherwise: string): string =>
    typeof value === 'string' ? value : otherwise;
  return {
    name: entry?.name ?? '(not registered)',
    version: entry?.version ?? null,
    stage: entry?.stage ?? text(release?.values['stage'], 'not judged yet'),
    digest,
    parameters: text(train.values['parameterLine'], ''),
    steps: train.counts['steps'] ?? 0,
    memory: (train.values['memory'] as MemoryPlan | undefined) ?? null,
    heldOutBefore: number('heldOutBefore'),
    heldOutAfter: number('heldOutAfter'),
  };
}

/** A stage that a cancellation cut off did not fail. */
const asCancelled = (line: StageLine): StageLine =>
  line.state === 'failed' || line.state === 'refused' ? { ...line, state: 'cancelled' } : line;

const MAX_QUERY_MS = 5000;

/** Undefined when no worker answers, or the workflow's history is past its retention. */
export async function viewOf(client: Client, runId: string): Promise<RunView | undefined> {
  return client
    .withDeadline(Date.now() + MAX_QUERY_MS, () => lookAtRun(client, runId))
    .catch(() => undefined);
}

/** What the workflow says: how it stands, and its stages while a worker answers. */
export interface LiveSide {
  readonly standing?: RunStanding;
  readonly view?: RunView;
}

/** Puts the evidence of a run and what its workflow says together. */
export async function runReport(
  stores: Stores,
  runId: string,
  steps: readonly RunStep[],
  { standing, view }: LiveSide,
): Promise<RunReport> {
  const submission = (await submissionFacts(stores, runId)) ?? null;
  const project = submission?.project ?? ANY_PROJECT;
  const lines = stageLines({ steps, ...(view === undefined ? {} : { view }) }, Date.now());
  const stages = standing?.status === 'cancelled' ? lines.map(asCancelled) : lines;
  const json = (of: StepResult, name: string) =>
    readJson(stores.artifacts, refOf(of, name), project);
  const [review, train] = [resultOf(steps, 'review'), resultOf(steps, 'train')];
  const [audit, release] = [resultOf(steps, 'audit'), resultOf(steps, 'release')];
  const decision =
    release && check(validateGateDecision, await json(release, 'decision'), 'the gate decision');
  const starts = stages.flatMap(({ startedAt }) => startedAt ?? []);
  const ends = stages.flatMap(({ endedAt }) => endedAt ?? []);
  const startedAt = standing?.startedAt ?? starts[0] ?? null;
  const ended = standing?.endedAt ?? (standing?.status === 'running' ? null : ends.at(-1)) ?? null;
  return {
    runId,
    state: standing?.status ?? (release === undefined ? 'unfinished' : 'completed'),
    submission,
    startedAt,
    endedAt: ended,
    durationMs:
      startedAt === null
        ? null
        : (ended === null ? Date.now() : Date.parse(ended)) - Date.parse(startedAt),
    stages,
    ...(view?.reviewWorkflowId === undefined || view.closed
      ? {}
      : { reviewWorkflowId: view.reviewWorkflowId }),
    ...(standing?.failure === undefined ? {} : { failure: standing.failure }),
    review: review === undefined ? null : await reviewFacts(stores, review),
    adapter: await adapterFacts(stores, runId, train, release),
    outcome: decision?.outcome ?? null,
    gates: decision?.gates ?? [],
    leak:
      audit === undefined
        ? null
        : check(validateLeakReport, await json(audit, 'report'), 'the leak report'),
    steps,
  };
}
