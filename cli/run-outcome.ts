import { WorkflowFailedError } from '@temporalio/client';
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
} from '@temporalio/common';
import type { RunOutcome } from '../workflows/messages.js';
import type { Workspace } from './compose.js';
import { describeOrigins, type Origins } from './stage-lines.js';

/** A run that ended without an adapter; its code is that of the failure that ended it. */
export class RunFailedError extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'RunFailedError';
  }
}

/** The failure below Temporal's wrappers: what the step said. */
function rootOf(error: unknown): unknown {
  if (error instanceof WorkflowFailedError) return rootOf(error.cause);
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure)
    return rootOf(error.cause);
  return error;
}

/** Waits for a run's end. @throws RunFailedError with the failed step's code and words */
export async function outcomeOf(
  { client }: Pick<Workspace, 'client'>,
  runId: string,
): Promise<RunOutcome> {
  try {
    return (await client.workflow.getHandle(runId).result()) as RunOutcome;
  } catch (cause) {
    const root = rootOf(cause);
    if (root instanceof CancelledFailure) {
      throw new RunFailedError('CANCELLED', `run ${runId} was cancelled`, { cause });
    }
    if (root instanceof ApplicationFailure) {
      throw new RunFailedError(root.type ?? 'FAILED', `run ${runId} stopped: ${root.message}`, {
        cause,
      });
    }
    throw cause;
  }
}

/** The summary's lines in the order of the pipeline: a result that was stored has sorted names. */
const SUMMARY: readonly string[] = [
  'records',
  'review',
  'training',
  'held-out loss',
  'exposure',
  'extraction',
  'removed values',
];

const placeOf = (name: string): number => SUMMARY.indexOf(name) + 1 || SUMMARY.length + 1;

/** @param origins of the run's steps and shards, where they are known */
export function describeOutcome(
  { runId, adapter, shutGates, release }: RunOutcome,
  origins?: Origins,
): string {
  const verdict =
    shutGates.length === 0
      ? `the release gate is open; the adapter is ${adapter.stage}`
      : `the release gate is shut: ${shutGates.join(', ')}`;
  const facts = Object.entries(release.values['summary'] ?? {})
    .sort(([a], [b]) => placeOf(a) - placeOf(b))
    .map(([name, value]) => `  ${name}: ${String(value)}`);
  return [
    `run      ${runId}`,
    `adapter  ${adapter.name} version ${String(adapter.version)} (${adapter.stage})`,
    `digest   ${adapter.adapterDigest}`,
    ...facts,
    ...(origins === undefined
      ? []
      : [
          `steps    ${origins.computed === 0 ? 'nothing computed, ' : ''}${describeOrigins(origins)}`,
        ]),
    verdict,
  ].join('\n');
}
