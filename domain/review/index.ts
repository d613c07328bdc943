export { applyDecisions } from './apply-decisions.js';
export { batchRoot, buildBatch, shownDigest, type Candidate } from './build-batch.js';
export { checkDecisions } from './check-decisions.js';
export {
  assertReviewCounts,
  findReviewRefusals,
  type SignedReviewInput,
} from './check-signed-review.js';
export { keptDrafts, signDraft, type KeptDraft } from './draft.js';
export * from './errors.js';
export { decisionsByRecord } from './record-decisions.js';
export { createSelector } from './select-for-review.js';
export { sliceDecisions, type SlicedDecisions } from './slice-decisions.js';
export { missStatement, summarizeReview } from './summarize-review.js';
