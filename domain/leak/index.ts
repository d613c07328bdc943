export { shareInterval, shareLowerBound, shareUpperBound, type Interval } from './binomial.js';
export {
  assertCoins,
  buildCanaries,
  commitCanaries,
  insertedRecords,
  scoredRecords,
  type Canary,
  type CanaryPlan,
  type Codec,
  type Reference,
} from './canaries.js';
export { canaryFigures, type CanaryFigures, type CanaryScores } from './canary-figures.js';
export * from './errors.js';
export { measureExposure, type Exposure } from './exposure.js';
export {
  discoverableProbability,
  extractVerbatim,
  sampledLogProbability,
  samplesNeeded,
  type ExtractionResult,
  type ExtractionTarget,
  type GenerateGreedy,
  type Sampling,
} from './extraction.js';
export {
  leakReport,
  runAttack,
  type Attack,
  type Extractions,
  type LeakReportInput,
} from './leak-report.js';
export {
  areaUnderRoc,
  membershipScores,
  truePositiveRateAt1Percent,
  type MembershipScores,
} from './membership.js';
export {
  countCorrectGuesses,
  oneRunCeiling,
  oneRunEpsilonLowerBound,
  oneRunPValue,
  twoGroupEpsilonLowerBound,
  type Guesses,
  type ScoredCanary,
  type TwoGroups,
} from './one-run.js';
export {
  assertAuditCanFail,
  findPreflightRefusals,
  secretRange,
  type CanarySequence,
  type PreflightCode,
  type PreflightRefusal,
} from './preflight.js';
export {
  createVaultIndex,
  scanGenerations,
  type GenerationScan,
  type ScanInput,
  type VaultIndex,
} from './scan-generations.js';
export { drawWithoutReplacement, secretStream, type SecretStream } from './secret-stream.js';
