export * from './digest.js';
export * from './errors.js';
export { memoKeyOf, recallResult, recallSigned } from './memo.js';
export type * from './ports.js';
export * from './read-json.js';
export * from './refs.js';
export {
  recordRun,
  runDocument,
  submissionDocument,
  type BegunStep,
  type CommittedRun,
} from './run-evidence.js';
export * from './step.js';
