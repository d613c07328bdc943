export { applyDecisions, type AppliedRecord, type ApplyOptions } from './apply-decisions.js';
export {
  batchRoot,
  buildBatch,
  shownDigest,
  type BuiltBatch,
  type Candidate,
} from './build-batch.js';
export { checkDecisions, type DecisionRefusalCode, type Refusal } from './check-decisions.js';
export {
  assertReviewCounts,
  findReviewRefusals,
  type ReviewRefusalCode,
  type SignedFacts,
  type SignedReviewInput,
} from './check-signed-review.js';
export * from './errors.js';
export { decisionsByRecord, type Place, type RecordDecisions } from './record-decisions.js';
export { selectForReview, type Selection, type SelectionInput } from './select-for-review.js';
export { missStatement, summarizeReview } from './summarize-review.js';
