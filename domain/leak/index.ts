export { shareUpperBound } from './binomial.js';
export {
  assertCoins,
  buildCanaries,
  commitCanaries,
  insertedRecords,
  scoredRecords,
} from './canaries.js';
export { canaryFigures, type CanaryFigures } from './canary-figures.js';
export * from './errors.js';
export { countReads, type SequenceReads } from './canary-reads.js';
export { measureExposure } from './exposure.js';
export {
  discoverableProbability,
  extractVerbatim,
  sampledLogProbability,
  samplesNeeded,
  type ExtractionTarget,
} from './extraction.js';
export { leakReport, runAttack, type Extractions, type LeakReportInput } from './leak-report.js';
export { areaUnderRoc, membershipScores, truePositiveRateAt1Percent } from './membership.js';
export {
  assertAuditCanFail,
  findPreflightRefusals,
  secretRange,
  type CanarySequence,
} from './preflight.js';
export { createVaultIndex, scanGenerations, type GenerationScan } from './scan-generations.js';
export { drawWithoutReplacement, secretStream, type SecretStream } from './secret-stream.js';
