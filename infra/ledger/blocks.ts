import {
  extendChain,
  genesisHash,
  signCheckpoint,
  verifyCheckpoint,
} from '../../domain/evidence/index.js';
import {
  LineageError,
  type Digest,
  type LedgerCheckpoint,
  type LedgerReceipt,
  type Signer,
  type TrustedKey,
} from '../../domain/lineage/index.js';
import { check, validateLedgerBlock, type LedgerBlock } from '../../schemas/index.js';

/** The state of the log after a block; `block` is -1 for the empty log. */
export interface Head {
  readonly block: number;
  readonly size: number;
  readonly root: Digest;
}

export type Append = LedgerBlock['appends'][number];

const BLOCKS = 'ledger/blocks/';

/** Zero-padded, so that a listing is in the order of the log. */
export function blockKey(block: number): string {
  return `${BLOCKS}${String(block).padStart(12, '0')}.json`;
}

export function emptyHead(logId: string): Head {
  return { block: -1, size: 0, root: genesisHash(logId) };
}

export function leavesOf(block: LedgerBlock): Digest[] {
  return block.appends.flatMap(({ leaves }) => leaves);
}

export function headAfter(number: number, block: LedgerBlock): Head {
  return { block: number, size: block.checkpoint.size, root: block.after };
}

/** The block that follows `head` with `appends` in it, its checkpoint signed. */
export async function nextBlock(
  signer: Signer,
  logId: string,
  head: Head,
  appends: readonly Append[],
): Promise<LedgerBlock> {
  const leaves = appends.flatMap((append) => append.leaves);
  const after = leaves.reduce(extendChain, head.root);
  const state = { logId, size: head.size + leaves.length, root: after };
  return {
    schema: 'custos.ledger-block.v1',
    firstIndex: head.size,
    appends: [...appends],
    before: head.root,
    after,
    checkpoint: await signCheckpoint(signer, state),
  };
}

export function broken(what: string, cause?: unknown): LineageError {
  return new LineageError(
    'LEDGER_BROKEN',
    `${what}; stop, keep the store as it is, and compare it with a backup`,
    { cause },
  );
}

/**
 * Reads a block and checks it by itself: its shape, that its leaves lead from `before` to `after`,
 * and that its checkpoint is signed by a trusted ledger key and says the same.
 * @throws LineageError LEDGER_BROKEN naming the block
 */
export function parseBlock(
  bytes: Uint8Array,
  key: string,
  logId: string,
  keys: readonly TrustedKey[],
): LedgerBlock {
  const block = parseShape(bytes, key);
  const { checkpoint } = block;
  const leaves = leavesOf(block);
  const whole =
    leaves.reduce(extendChain, block.before) === block.after &&
    checkpoint.root === block.after &&
    checkpoint.size === block.firstIndex + leaves.length &&
    checkpoint.logId === logId;
  if (!whole) throw broken(`${key} does not hold together`);
  assertSigned(checkpoint, keys, key);
  return block;
}

function parseShape(bytes: Uint8Array, key: string): LedgerBlock {
  try {
    return check(validateLedgerBlock, JSON.parse(Buffer.from(bytes).toString('utf8')), key);
  } catch (cause) {
    throw broken(`${key} is not a ledger block`, cause);
  }
}

function assertSigned(
  checkpoint: LedgerCheckpoint,
  keys: readonly TrustedKey[],
  key: string,
): void {
  try {
    verifyCheckpoint(checkpoint, keys);
  } catch (cause) {
    throw broken(`${key} is not signed by a trusted ledger key`, cause);
  }
}

/** @throws LineageError LEDGER_BROKEN unless `block` continues the chain at `head` */
export function assertFollows(block: LedgerBlock, head: Head, key: string): void {
  if (block.firstIndex === head.size && block.before === head.root) return;
  throw broken(`${key} does not continue the chain at size ${head.size}`);
}

/** The receipts of one append of a block; undefined when the block has no such key. */
export function receiptsIn(
  block: LedgerBlock,
  idempotencyKey: string,
): { readonly leaves: readonly Digest[]; readonly receipts: readonly LedgerReceipt[] } | undefined {
  let first = block.firstIndex;
  for (const append of block.appends) {
    if (append.idempotencyKey === idempotencyKey) {
      const { checkpoint } = block;
      const receipts = append.leaves.map((_, offset) => ({
        logId: checkpoint.logId,
        index: first + offset,
        checkpoint,
      }));
      return { leaves: append.leaves, receipts };
    }
    first += append.leaves.length;
  }
  return undefined;
}
