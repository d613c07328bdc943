export {
  firingsOf,
  lastRecords,
  firingDocument,
  withdrawalDocument,
  type Firing,
} from './firings.js';
export { outputDigest, readRunResults, resultOf } from './run-results.js';
export { notFired, type FiringSpan, type NotFired } from './not-fired.js';
