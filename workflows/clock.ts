/**
 * Workflow time in milliseconds since 1970: inside a workflow Temporal replaces `Date` by the time of
 * the event that is being handled, so a replay sees the same value.
 */
export function workflowTimeMs(): number {
  // eslint-disable-next-line no-restricted-syntax -- deterministic here, and only here
  return Date.now();
}
