export {
  commitmentOf,
  logCommitted,
  readCommitted,
  type CommittedEnvelope as CommittedRun,
} from './committed.js';
export * from './digest.js';
export * from './errors.js';
export { describeExplanation, explainRun, explainStep, type StepExplanation } from './explain.js';
export { keyPartsOf, summarizeShards } from './key-parts.js';
export * from './lists.js';
export { cutOff, garbageOf, reach, type Ages } from './mark.js';
export { recallOwn, type MemoHit } from './memo.js';
export type * from './ports.js';
export * from './read-json.js';
export * from './references.js';
export * from './refs.js';
export { recordRun, runDocument, submissionDocument, type BegunStep } from './run-evidence.js';
export { recallOrigin, recallResult, SETTLED_PREFIX } from './settled.js';
export * from './step.js';
