import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import { readRunSteps, type RunStep } from '../../cli/run-evidence.js';
import type { LoadedRun } from '../../cli/load-files.js';
import type { RunStatus } from '../../workflows/messages.js';
import type { Installation } from './installation.js';
import { sampleRun } from './installation.js';

/** A made-up record: what it says follows from its number and its version alone. */
export interface MadeRecord {
  readonly id: number;
  readonly version: number;
}

const WORDS = 40;

function textOf({ id, version }: MadeRecord): string {
  const digest = (part: number) =>
    createHash('sha256')
      .update(`${String(id)} ${String(version)} ${String(part)}`)
      .digest();
  const bytes = Buffer.concat([digest(0), digest(1), digest(2)]);
  return Array.from(
    { length: WORDS },
    (_, at) => `w${bytes.readUInt16LE(2 * at).toString(36)}`,
  ).join(' ');
}

/** The records as JSON Lines, each with an address that the patterns find. */
export function linesOf(records: readonly MadeRecord[]): string {
  return records
    .map(
      (record) =>
        `${JSON.stringify({
          id: record.id,
          prompt: `Case ${String(record.id)}: write to user${String(record.id)}@example.com about it.`,
          completion: textOf(record),
        })}\n`,
    )
    .join('');
}

/** A run over one file of made-up records, with patterns only and shards of so many records. */
export async function preparedRun(path: string, shardRecords: number): Promise<LoadedRun> {
  const loaded = await sampleRun({
    policy: (policy) => ({
      ...policy,
      ingest: { ...policy.ingest, shardRecords },
      redact: { ...policy.redact, profile: 'patterns' },
    }),
  });
  const purpose = 'a test of changed data';
  const source = {
    name: 'made',
    path,
    format: 'jsonl',
    shape: 'prompt',
    primaryKey: '/id',
    fields: [
      { name: 'prompt', from: '/prompt', purpose },
      { name: 'completion', from: '/completion', purpose },
    ],
  } as const;
  return {
    ...loaded,
    request: {
      ...loaded.request,
      dataset: { name: 'made', sources: [{ ...source, fields: [...source.fields] }] },
    },
    locations: { ...loaded.locations, made: path },
  };
}

/** What a failed run died of, innermost last: workflows and activities wrap it. */
function causesOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} <- ${causesOf(error.cause)}`;
}

/** Waits until a run has tokenized its records; says what it died of when it ends before. */
async function tokenized(handle: WorkflowHandle): Promise<void> {
  for (;;) {
    // Asked before the stages: a run that closes in between had the stages that are read then.
    const { status } = await handle.describe();
    const { stages } = await handle.query<RunStatus>('status');
    if (stages.some(({ id, status: at }) => id === 'tokenize' && at === 'done')) return;
    if (status.name !== 'RUNNING') {
      const why = await handle.result().then(() => 'it was done', causesOf);
      throw new Error(`the run ended ${status.name} before its records were tokenized: ${why}`);
    }
    await sleep(100);
  }
}

/**
 * Runs a request until its records are tokenized, then cancels it: what training makes of them is
 * not in question, so neither is a run that training ended before the cancellation came.
 */
export async function prepareOnly(
  installation: Installation,
  loaded: LoadedRun,
): Promise<readonly RunStep[]> {
  const runId = await installation.submit(loaded);
  const review = await installation.awaitReview(runId);
  if (review !== undefined) await installation.approve(review);
  const handle = installation.client.workflow.getHandle(runId);
  await tokenized(handle);
  await handle.cancel().catch((error: unknown) => {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  });
  await handle.result().catch(() => undefined);
  return readRunSteps(installation.stores, runId);
}

export interface ShardWork {
  readonly total: number;
  readonly computed: number;
}

/**
 * Shards of each stage of a run, and how many were computed: what the memo had is not among them,
 * and a stage that was reused as a whole computed none.
 */
export function shardWork(steps: readonly RunStep[]): ReadonlyMap<string, ShardWork> {
  return new Map(
    steps
      .filter(({ result }) => result.outputs['shardResults'] !== undefined)
      .map(({ run, result }) => [
        result.step,
        { total: result.counts['shards'] ?? 0, computed: run.shards?.computed ?? 0 },
      ]),
  );
}

/** All shards of all stages together. */
export function sumOfWork(steps: readonly RunStep[]): ShardWork {
  let [total, computed] = [0, 0];
  for (const work of shardWork(steps).values()) {
    total += work.total;
    computed += work.computed;
  }
  return { total, computed };
}
