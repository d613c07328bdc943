/** What Temporal's own lists find workflows by: keywords of a bounded set or of the run file, nothing of the data. */
export const SEARCH_ATTRIBUTES = {
  /** The policy's name. */
  policy: 'CustosPolicy',
  /** The stage that the workflow is in or stopped in. */
  stage: 'CustosStage',
  /** The name of the adapter that is made. */
  adapter: 'CustosAdapter',
  /** A `RunVerdict`. */
  outcome: 'CustosOutcome',
} as const;

/**
 * How a run stands: `held` made an adapter and found the release gate shut; `unchanged` was scheduled
 * and met the records of the run before.
 */
export type RunVerdict =
  'running' | 'candidate' | 'held' | 'unchanged' | 'refused' | 'failed' | 'cancelled';
