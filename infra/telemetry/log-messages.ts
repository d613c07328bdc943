/** What a line of ours says. */
export const EVENTS = {
  activityEnded: 'an activity ended',
  stepDone: 'a step is done',
  workerReady: 'the worker polls its queues',
  workerEnded: 'the worker has ended',
  stopping: 'the supervisor stops everything',
} as const;

export type LogEvent = keyof typeof EVENTS;

/**
 * Beginnings of messages that Temporal's SDK and our activities and workflows write through its
 * loggers. A message is logged as the beginning that it matches, without what follows it: that may
 * be the text of an error.
 */
const KNOWN = [
  'what a step no longer needs could not be removed',
  'a checkpoint is of no use',
  'Activity Worker terminated',
  'Activity completed as cancelled',
  'Activity completed',
  'Activity failed',
  'Activity heartbeat failed',
  'Activity not found on completion',
  'Activity paused',
  'Activity started',
  'Core reported failure in completeWorkflowActivation()',
  'Creating worker',
  'Error closing previous connection',
  'Error polling nexus task',
  'Error when recording heartbeat',
  'Error while completing workflow activation',
  'Error while polling for activity tasks',
  'Error while polling for nexus tasks',
  'Error while polling for workflow tasks',
  'Error while processing ActivityTask.start',
  'External sink function threw an error',
  'Failed to encode heartbeat details, cancelling Activity',
  'Failed to initiate shutdown',
  'Failing workflow due to nondeterminism error',
  'Failing workflow task',
  'Network error while completing activity',
  'Network error while describing namespace for heartbeat capabilities',
  'Network error while responding to legacy query',
  'Network error while sending worker heartbeat',
  'No activities registered, not polling for activity tasks',
  'No workflows registered, not polling for workflow tasks',
  'Query not found when attempting to respond to it',
  'Shutdown force time expired, terminating worker',
  'Task not found when completing',
  'This program is running inside a containerized environment with a memory constraint',
  'Worker failed',
  'Worker state changed',
  'Workflow Worker Thread exited',
  'Workflow Worker Thread failed',
  'Workflow Worker terminated',
  'Workflow completed as cancelled',
  'Workflow completed',
  'Workflow continued as new',
  'Workflow failed',
  'Workflow referenced an unregistered external sink',
  'Workflow started',
  'gRPC call poll_activity_task_queue failed',
  'gRPC call poll_activity_task_queue retried',
  'gRPC call poll_workflow_task_queue failed',
  'gRPC call poll_workflow_task_queue retried',
] as const;

const UNLISTED = 'a message that is not listed';

export function listedMessage(message: string): string {
  return KNOWN.find((known) => message.startsWith(known)) ?? UNLISTED;
}
