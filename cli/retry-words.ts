import type { WorkflowExecutionDescription } from '@temporalio/client';

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];
type Failure = NonNullable<Pending['lastFailure']>;

/** temporal.api.enums.v1.TimeoutType */
const HEARTBEAT = 3;

/** What a failed attempt says, and what it means where the server says it and not the step. */
function describeFailure({ message, timeoutFailureInfo, applicationFailureInfo }: Failure): string {
  if (Number(timeoutFailureInfo?.timeoutType) === HEARTBEAT) {
    return 'its worker was not heard of for too long: it ended, was killed (by the system when memory ran out, see its log) or hung';
  }
  if (timeoutFailureInfo != null) return 'it took longer than it may';
  const code = applicationFailureInfo?.type ?? '';
  return `${message ?? ''}${code === '' ? '' : ` [${code}]`}`;
}

/** Pending attempts after the first: which one it is, and why those before it failed. */
export function describeRetry({
  attempt,
  maximumAttempts,
  lastFailure,
}: Pick<Pending, 'attempt' | 'maximumAttempts' | 'lastFailure'>): string {
  if ((attempt ?? 1) <= 1) return '';
  const of = (maximumAttempts ?? 0) > 0 ? ` of ${String(maximumAttempts)}` : '';
  const why = lastFailure == null ? 'tried again' : describeFailure(lastFailure);
  return `attempt ${String(attempt)}${of}: ${why}`;
}
