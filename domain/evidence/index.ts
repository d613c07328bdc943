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
