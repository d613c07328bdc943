export { buildBundle, type BundleParts, type WriteBundleFile } from './bundle-build.js';
export type { BundleReader } from './bundle-files.js';
export { adapterDigestOf, adapterFilesOf, BUNDLE, type AdapterFile } from './bundle-layout.js';
export { CHECK_NAMES, verifyBundle } from './bundle-verify.js';
export {
  openEnvelope,
  preAuthEncoding,
  RESULT_PAYLOAD_TYPE,
  signEnvelope,
  STATEMENT_PAYLOAD_TYPE,
  verifyEnvelope,
  type Envelope,
  type Expectation,
} from './dsse.js';
export { parseKeyring, signatureHolds, trustedKey, type EvidenceKey } from './keys.js';
export {
  extendChain,
  genesisHash,
  saltedLeaf,
  signCheckpoint,
  verifyCheckpoint,
  verifyLedgerProof,
  type VerifiedSegment,
} from './ledger-chain.js';
export {
  bundleStatement,
  leakAuditStatement,
  promotionStatement,
  reviewStatement,
  signStatement,
  stepStatement,
  submissionStatement,
} from './statements.js';
export { checkStatement, parseStatement, type AnyStatement } from './statement-types.js';
