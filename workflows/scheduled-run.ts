import { defineSearchAttributeKey } from '@temporalio/common';
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowFailure,
  executeChild,
  isCancellation,
  workflowInfo,
} from '@temporalio/workflow';
import type { FiringDraft, NothingNew, ScheduledInput } from '../activities/api.js';
import { fineTune } from './fine-tune.js';
import type { RunOutcome } from './messages.js';
import { control } from './steps.js';

type Begun = Omit<FiringDraft, keyof End>;
type End = Pick<FiringDraft, 'outcome' | 'unchangedSince' | 'adapter' | 'shutGates' | 'failure'>;

const SCHEDULED_FOR = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

/** The firing as it begins; the end of the execution's id tells two triggers of one second apart. */
function begin({ project, schedule, submission }: ScheduledInput): Begun {
  const { firstExecutionRunId, startTime, typedSearchAttributes } = workflowInfo();
  const scheduledFor = (typedSearchAttributes.get(SCHEDULED_FOR) ?? startTime).toISOString();
  const time = scheduledFor.replaceAll(/[-:]/g, '').slice(0, 15);
  return {
    project,
    schedule,
    submissionDigest: submission.digest,
    scheduledFor,
    startedAt: startTime.toISOString(),
    runId: `${project}-${schedule}-${time}-${firstExecutionRunId.slice(-4)}`,
  };
}

function endOf(outcome: RunOutcome | NothingNew): End {
  if ('unchangedSince' in outcome) {
    return { outcome: 'nothing-new', unchangedSince: outcome.unchangedSince };
  }
  const { entry: _, ...adapter } = outcome.adapter;
  return { outcome: 'ran', adapter, shutGates: [...outcome.shutGates] };
}

function failureOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure)
    return failureOf(error.cause);
  if (error instanceof ApplicationFailure)
    return { code: error.type ?? 'FAILED', message: error.message.slice(0, 2000) };
  // The words of an error that is not ours may quote what it choked on.
  return { code: 'FAILED', message: 'the run failed; its workflow says why' };
}

async function train(input: ScheduledInput, runId: string): Promise<RunOutcome | NothingNew> {
  return executeChild(fineTune, {
    workflowId: runId,
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    args: [{ ...input, runId }],
    staticSummary: `${input.project} / ${input.schedule}`,
    memo: { adapter: input.request.adapter.name, schedule: input.schedule },
  });
}

/**
 * One firing of a schedule: a run of its own, and a record of what came of it. It fails when the run
 * fails, so that the schedule can pause.
 */
export async function scheduledRun(input: ScheduledInput): Promise<void> {
  const begun = begin(input);
  let outcome: RunOutcome | NothingNew;
  try {
    outcome = await train(input, begun.runId);
  } catch (error) {
    const end = isCancellation(error)
      ? ({ outcome: 'cancelled' } as const)
      : ({ outcome: 'failed', failure: failureOf(error) } as const);
    await CancellationScope.nonCancellable(() => control.recordFiring({ ...begun, ...end }));
    throw error;
  }
  await control.recordFiring({ ...begun, ...endOf(outcome) });
}
