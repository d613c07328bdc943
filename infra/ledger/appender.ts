import {
  canonicalBytes,
  hexOf,
  LineageError,
  type DocumentStore,
  type LedgerReceipt,
  type Signer,
  type TrustedKey,
} from '../../domain/lineage/index.js';
import { blockKey, broken, nextBlock, receiptsIn, type Append } from './blocks.js';
import type { ChainReader } from './chain-reader.js';
import { atStore } from './faults.js';
import { isSigned } from './hint.js';
import type { ReceiptIndex } from './receipts.js';
import type { HeadHint, Lease, Sequencer } from './sequencer.js';

export interface AppenderParts {
  readonly documents: DocumentStore;
  readonly signer: Signer;
  readonly logId: string;
  readonly keys: readonly TrustedKey[];
  readonly chain: ChainReader;
  readonly sequencer: Sequencer;
  readonly receipts: ReceiptIndex;
}

interface Waiting {
  readonly work: Append;
  readonly resolve: (receipts: readonly LedgerReceipt[]) => void;
  readonly reject: (error: unknown) => void;
}

const MAX_BATCH = 1024;

/**
 * Appends that arrive while a block is being written go into the next one together.
 * Each settles by itself: a misused idempotency key fails alone.
 */
export function createAppender(
  parts: AppenderParts,
): (work: Append) => Promise<readonly LedgerReceipt[]> {
  const queue: Waiting[] = [];
  let running = false;
  const pump = async (): Promise<void> => {
    running = true;
    while (queue.length > 0) {
      const batch = queue.splice(0, MAX_BATCH);
      try {
        await commitBatch(parts, batch);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    running = false;
  };
  return (work) => {
    assertAppend(work);
    return new Promise((resolve, reject) => {
      queue.push({ work, resolve, reject });
      if (!running) void pump();
    });
  };
}

function assertAppend({ leaves, idempotencyKey }: Append): void {
  leaves.forEach(hexOf);
  if (idempotencyKey.length > 0 && idempotencyKey.length <= 256) return;
  throw new LineageError('EVIDENCE_INVALID', 'an idempotency key has 1 to 256 characters');
}

async function commitBatch(parts: AppenderParts, batch: readonly Waiting[]): Promise<void> {
  const lease = await parts.sequencer.acquire();
  let hint: HeadHint | undefined;
  try {
    hint = await writeBatch(parts, batch, lease);
  } finally {
    // The entries are in the log whether or not this succeeds: at worst the lease runs out.
    await lease.release(hint).catch(() => undefined);
  }
}

async function writeBatch(
  parts: AppenderParts,
  batch: readonly Waiting[],
  lease: Lease,
): Promise<HeadHint | undefined> {
  const { chain, documents, logId, signer } = parts;
  let indexed = indexedUpTo(parts, lease.hint);
  for (;;) {
    const head = await chain.refresh();
    for (; indexed < head.block; indexed += 1) await indexBlock(parts, indexed + 1);
    const fresh = await settleKnown(parts, batch);
    if (fresh.length === 0) return hintAt(chain, head.block);
    const block = await nextBlock(signer, logId, head, fresh);
    const key = blockKey(head.block + 1);
    // False when somebody whose lease had run out was faster. Whoever won, the next turn reads the
    // block back, writes its receipts and finds in it the appends that are done.
    await atStore(`write ${key}`, () => documents.create(key, canonicalBytes(block)));
  }
}

/** The last block whose receipts are known to be written. */
function indexedUpTo({ logId, keys }: AppenderParts, hint: HeadHint | undefined): number {
  return hint !== undefined && isSigned(hint, logId, keys) ? hint.block : -1;
}

/** Writes the receipts of a block: after a crash its writer may not have. */
async function indexBlock({ chain, receipts }: AppenderParts, number: number): Promise<void> {
  const { appends } = await chain.block(number);
  await Promise.all(appends.map(({ idempotencyKey }) => receipts.record(idempotencyKey, number)));
}

async function hintAt(chain: ChainReader, number: number): Promise<HeadHint | undefined> {
  if (number < 0) return undefined;
  return { block: number, checkpoint: (await chain.block(number)).checkpoint };
}

/** Settles what the log holds already; returns the rest, one append a key. */
async function settleKnown(
  parts: AppenderParts,
  batch: readonly Waiting[],
): Promise<readonly Append[]> {
  const found = await Promise.all(
    batch.map(({ work }) => findReceipts(parts, work.idempotencyKey)),
  );
  const fresh = new Map<string, Append>();
  for (const [index, waiting] of batch.entries()) {
    const { idempotencyKey, leaves } = waiting.work;
    const known = found[index];
    const used = known?.leaves ?? fresh.get(idempotencyKey)?.leaves;
    if (used !== undefined && used.join() !== leaves.join()) waiting.reject(reused(idempotencyKey));
    else if (known !== undefined) waiting.resolve(known.receipts);
    else fresh.set(idempotencyKey, waiting.work);
  }
  return [...fresh.values()];
}

async function findReceipts({ chain, receipts }: AppenderParts, idempotencyKey: string) {
  const number = await receipts.find(idempotencyKey);
  if (number === undefined) return undefined;
  const found = receiptsIn(await chain.block(number), idempotencyKey);
  if (found === undefined) throw broken(`${blockKey(number)} lacks an append its receipt names`);
  return found;
}

function reused(idempotencyKey: string): LineageError {
  return new LineageError(
    'EVIDENCE_INVALID',
    `the idempotency key ${idempotencyKey} was used for other leaves; use a key per append`,
  );
}
