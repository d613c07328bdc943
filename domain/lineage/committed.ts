import { parseJson, saltedLeaf, type Envelope } from '../evidence/index.js';
import { canonicalBytes, digestJson, hexOf, sha256 } from './digest.js';
import { LineageError } from './errors.js';
import type { DocumentStore, Ledger, LedgerReceipt } from './ports.js';

/** A signed envelope as it is stored, with what its leaf in the ledger is made of. */
export interface CommittedEnvelope {
  readonly envelope: Envelope;
  /** 32 bytes, base64: the leaf is a commitment, so the log alone confirms no guess. */
  readonly salt: string;
}

export function commitmentOf(
  envelope: Envelope,
  randomBytes: (size: number) => Uint8Array,
): CommittedEnvelope {
  return { envelope, salt: Buffer.from(randomBytes(32)).toString('base64') };
}

/** @throws LineageError ARTIFACT_MISSING, EVIDENCE_INVALID */
export async function readCommitted(
  documents: Pick<DocumentStore, 'read'>,
  key: string,
): Promise<CommittedEnvelope> {
  const document = await documents.read(key);
  if (document === undefined)
    throw new LineageError('ARTIFACT_MISSING', `${key} cannot be read back`);
  return parseJson(document.bytes, key) as CommittedEnvelope;
}

/**
 * Appends the salted leaf of a stored envelope to the ledger and keeps the receipt. Idempotent by
 * `identity`, so that whoever finds an envelope without a receipt may finish it.
 */
export async function logCommitted(
  { documents, ledger }: { readonly documents: DocumentStore; readonly ledger: Ledger },
  { envelope, salt }: CommittedEnvelope,
  identity: string,
  receiptKey: string,
): Promise<LedgerReceipt> {
  const leaf = saltedLeaf(Buffer.from(salt, 'base64'), digestJson(envelope));
  const [receipt] = await ledger.append([leaf], hexOf(sha256(identity)));
  if (receipt === undefined) {
    throw new LineageError('LEDGER_UNAVAILABLE', `the ledger gave no receipt for ${receiptKey}`);
  }
  await documents.create(receiptKey, canonicalBytes(receipt));
  return receipt;
}
