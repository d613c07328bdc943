export { buildBundle, type BundleParts } from './bundle-build.js';
export type { BundleReader } from './bundle-files.js';
export { PROMOTION_ACTS } from './check-stage.js';
export { openStatement } from './check-signatures.js';
export { adapterDigestOf, adapterFilesOf } from './bundle-layout.js';
export { CHECK_NAMES, verifyBundle } from './bundle-verify.js';
export {
  openEnvelope,
  RESULT_PAYLOAD_TYPE,
  signEnvelope,
  STATEMENT_PAYLOAD_TYPE,
  verifyEnvelope,
  type Envelope,
} from './dsse.js';
export { parseKeyring, signatureHolds, type EvidenceKey } from './keys.js';
export {
  extendChain,
  genesisHash,
  saltedLeaf,
  signCheckpoint,
  verifyCheckpoint,
  verifyLedgerProof,
} from './ledger-chain.js';
export {
  firingStatement,
  holdStatement,
  isSubmittedAs,
  leakAuditStatement,
  promotionStatement,
  registrationStatement,
  reviewStatement,
  signStatement,
  standingRunId,
  stepStatement,
  submissionStatement,
  sweepStatement,
} from './statements.js';
export { parseStatement } from './statement-types.js';
export { parseJson } from './strict-encoding.js';
