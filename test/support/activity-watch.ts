import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';

/** temporal.api.enums.v1.PendingActivityState */
const STARTED = 2;

/** An activity that a worker has begun and not ended, with what it last said. */
interface RunningActivity {
  readonly name: string;
  readonly attempt: number;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The activities of a workflow that a worker is at now; none when there is no such workflow yet. */
export async function runningActivities(
  client: Client,
  workflowId: string,
): Promise<readonly RunningActivity[]> {
  const description = await client.workflow
    .getHandle(workflowId)
    .describe()
    .catch(() => undefined);
  return (description?.raw.pendingActivities ?? [])
    .filter(({ state }) => Number(state) === STARTED)
    .map(({ activityType, attempt, heartbeatDetails }) => {
      const payload = heartbeatDetails?.payloads?.[0];
      return {
        name: activityType?.name ?? '',
        attempt: attempt ?? 1,
        detail: payload == null ? {} : defaultPayloadConverter.fromPayload(payload),
      };
    });
}

/** Names of a workflow's activities that needed more than one attempt, from its history. */
export async function retriedActivities(
  client: Client,
  workflowId: string,
): Promise<ReadonlySet<string>> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const names = new Map(
    (events ?? []).map(({ eventId, activityTaskScheduledEventAttributes: scheduled }) => [
      String(eventId),
      scheduled?.activityType?.name ?? '',
    ]),
  );
  const retried = (events ?? []).flatMap(({ activityTaskStartedEventAttributes: started }) =>
    started != null && (started.attempt ?? 1) > 1
      ? [names.get(String(started.scheduledEventId)) ?? '']
      : [],
  );
  return new Set(retried);
}
