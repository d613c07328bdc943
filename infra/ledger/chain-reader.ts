import { extendChain, verifyLedgerProof } from '../../domain/evidence/index.js';
import {
  LineageError,
  type Digest,
  type DocumentStore,
  type LedgerCheckpoint,
  type LedgerProof,
  type TrustedKey,
} from '../../domain/lineage/index.js';
import type { LedgerBlock } from '../../schemas/index.js';
import { locateLeaf, openBlockSource, walkBlocks, type BlockSource } from './block-source.js';
import {
  assertFollows,
  blockKey,
  broken,
  emptyHead,
  headAfter,
  leavesOf,
  type Head,
} from './blocks.js';

export interface ChainReader {
  /** Walks to the newest block, checking every link; returns the head. */
  refresh(): Promise<Head>;
  /** A block that is known to exist. */
  block(number: number): Promise<LedgerBlock>;
  /** The checkpoint of the newest block; undefined for an empty log. */
  checkpoint(): Promise<LedgerCheckpoint | undefined>;
  proof(index: number): Promise<LedgerProof>;
  scan(from: number): AsyncIterable<{ readonly index: number; readonly leaf: Digest }>;
  /** Starts at a block that a hint names instead of at the first. */
  resumeAt(block: number, promised: LedgerCheckpoint): Promise<void>;
}

/** Reads the chain of blocks of one log from wherever it is known to be sound. */
export function openChainReader(
  documents: DocumentStore,
  logId: string,
  keys: readonly TrustedKey[],
): ChainReader {
  const source = openBlockSource(documents, logId, keys);
  let head = emptyHead(logId);
  const refresh = async (): Promise<Head> => {
    const end = await findEnd(source, head);
    if (end.block > head.block) head = end;
    return head;
  };
  return {
    refresh,
    block: (number) => source.get(number),
    async checkpoint() {
      const { block } = await refresh();
      return block < 0 ? undefined : (await source.get(block)).checkpoint;
    },
    async proof(index) {
      const end = await refresh();
      assertLeaf(index, end, logId);
      const blocks: LedgerBlock[] = [];
      const first = await locateLeaf(source, index, end);
      for await (const block of walkBlocks(source, first, end)) blocks.push(block);
      return proofOver(blocks, index, keys);
    },
    scan: (from) => scanLeaves(source, from, refresh),
    async resumeAt(number, promised) {
      head = await resumedHead(source, number, promised);
    },
  };
}

/** Walks from `head` to the newest block. */
async function findEnd(source: BlockSource, head: Head): Promise<Head> {
  let at = head;
  for (;;) {
    const next = await source.find(at.block + 1);
    if (next === undefined) return at;
    assertFollows(next, at, blockKey(at.block + 1));
    at = headAfter(at.block + 1, next);
  }
}

async function* scanLeaves(
  source: BlockSource,
  from: number,
  refresh: () => Promise<Head>,
): AsyncGenerator<{ readonly index: number; readonly leaf: Digest }> {
  const end = await refresh();
  if (from >= end.size) return;
  assertLeaf(from, end, source.logId);
  const first = await locateLeaf(source, from, end);
  for await (const block of walkBlocks(source, first, end)) {
    for (const [offset, leaf] of leavesOf(block).entries()) {
      const index = block.firstIndex + offset;
      if (index >= from) yield { index, leaf };
    }
  }
}

async function resumedHead(
  source: BlockSource,
  number: number,
  promised: LedgerCheckpoint,
): Promise<Head> {
  const found = await source.find(number);
  if (found === undefined) {
    throw broken(`the log was cut: a signed checkpoint names ${blockKey(number)}`);
  }
  if (found.after !== promised.root || found.checkpoint.size !== promised.size) {
    throw broken(`${blockKey(number)} is not the block that a signed checkpoint names`);
  }
  return headAfter(number, found);
}

function assertLeaf(index: number, end: Head, logId: string): void {
  if (Number.isSafeInteger(index) && index >= 0 && index < end.size) return;
  throw new LineageError(
    'EVIDENCE_INVALID',
    `log ${logId} has ${end.size} leaves and none at index ${index}`,
  );
}

/** The proof of a leaf in the first of `blocks`, checked as its reader will check it. */
function proofOver(
  blocks: readonly LedgerBlock[],
  index: number,
  keys: readonly TrustedKey[],
): LedgerProof {
  const [first, last] = [blocks[0], blocks.at(-1)];
  if (first === undefined || last === undefined) throw broken('a proof needs a block');
  const leaves = blocks.flatMap(leavesOf);
  const offset = index - first.firstIndex;
  const [leaf, ...after] = leaves.slice(offset);
  if (leaf === undefined) throw broken(`no leaf stands at index ${index}`);
  const before = leaves.slice(0, offset).reduce(extendChain, first.before);
  const proof = { index, leaf, before, after, checkpoint: last.checkpoint };
  verifyLedgerProof(proof, keys);
  return proof;
}
