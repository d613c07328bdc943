import { signCheckpoint } from '../../domain/evidence/index.js';
import type {
  Digest,
  DocumentStore,
  Ledger,
  LedgerReceipt,
  Signer,
  TrustedKey,
} from '../../domain/lineage/index.js';
import { createAppender } from './appender.js';
import { emptyHead, type Append } from './blocks.js';
import { openChainReader, type ChainReader } from './chain-reader.js';
import { isSigned } from './hint.js';
import { openLogIdentity } from './log-identity.js';
import { openReceiptIndex } from './receipts.js';
import { openSequencer, type HeadHint } from './sequencer.js';

export interface LedgerOptions {
  /** Evidence bucket: the blocks and receipts, each created once. */
  readonly documents: DocumentStore;
  /** Data bucket: the lease and the hint where the log ends. May be lost. */
  readonly leaseDocuments: DocumentStore;
  readonly signer: Signer;
  /** The log's id; without it the store's own, or a new one. */
  readonly logId?: string;
  /** Other ledger keys whose blocks are accepted, such as those of other workers. */
  readonly trustedKeys?: readonly TrustedKey[];
  /** A lease is anybody's after this many milliseconds. */
  readonly leaseMs?: number;
  /** An append waits this many milliseconds for the lease. */
  readonly waitMs?: number;
}

/**
 * Opens the log of a store: a signed hash chain in blocks `ledger/blocks/000000000042.json`, one a
 * batch. See domain/evidence/ledger-chain.ts for the hashes.
 * @throws LineageError LEDGER_BROKEN when the newest blocks do not hold together,
 *   LEDGER_UNAVAILABLE when the store does not answer
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { documents, leaseDocuments, signer } = options;
  const logId = await openLogIdentity(documents, options.logId);
  const keys = [ownKey(signer), ...(options.trustedKeys ?? [])];
  const chain = openChainReader(documents, logId, keys);
  const times = { leaseMs: options.leaseMs ?? 5_000, waitMs: options.waitMs ?? 30_000 };
  const sequencer = openSequencer(leaseDocuments, times);
  await resume(chain, await sequencer.readHint(), logId, keys);
  await chain.refresh();
  const receipts = openReceiptIndex(documents);
  const append = createAppender({ documents, signer, logId, keys, chain, sequencer, receipts });
  return {
    append: (leaves, idempotencyKey) => appendChecked(append, leaves, idempotencyKey),
    proof: (index) => chain.proof(index),
    scan: (from) => chain.scan(from),
    async checkpoint() {
      const latest = await chain.checkpoint();
      return latest ?? signCheckpoint(signer, { logId, size: 0, root: emptyHead(logId).root });
    },
  };
}

function ownKey(signer: Signer): TrustedKey {
  const { keyId, publicKey } = signer;
  return { keyId, publicKey, owner: 'ledger', use: 'ledger', demo: false };
}

/** A hint that nobody trusted signed is ignored and the log walked from its first block. */
async function resume(
  chain: ChainReader,
  hint: HeadHint | undefined,
  logId: string,
  keys: readonly TrustedKey[],
): Promise<void> {
  if (hint === undefined || !isSigned(hint, logId, keys)) return;
  await chain.resumeAt(hint.block, hint.checkpoint);
}

async function appendChecked(
  append: (work: Append) => Promise<readonly LedgerReceipt[]>,
  leaves: readonly Digest[],
  idempotencyKey: string,
): Promise<readonly LedgerReceipt[]> {
  return leaves.length === 0 ? [] : append({ leaves: [...leaves], idempotencyKey });
}
