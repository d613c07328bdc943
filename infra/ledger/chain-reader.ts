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
import {
  assertFollows,
  blockKey,
  broken,
  emptyHead,
  headAfter,
  leavesOf,
  parseBlock,
  type Head,
} from './blocks.js';
import { atStore } from './faults.js';

const CACHED_BLOCKS = 1024;

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

/** Reads the chain of blocks of one log. Blocks never change, so those read are kept. */
export function openChainReader(
  documents: DocumentStore,
  logId: string,
  keys: readonly TrustedKey[],
): ChainReader {
  const cache = new Map<number, LedgerBlock>();
  let head = emptyHead(logId);

  const find = async (number: number): Promise<LedgerBlock | undefined> => {
    const cached = cache.get(number);
    if (cached !== undefined) return cached;
    const key = blockKey(number);
    const document = await atStore(`read ${key}`, () => documents.read(key));
    if (document === undefined) return undefined;
    const block = parseBlock(document.bytes, key, logId, keys);
    cache.set(number, block);
    for (const oldest of cache.keys()) {
      if (cache.size <= CACHED_BLOCKS) break;
      cache.delete(oldest);
    }
    return block;
  };
  const block = async (number: number): Promise<LedgerBlock> => {
    const found = await find(number);
    if (found === undefined) throw broken(`${blockKey(number)} is gone`);
    return found;
  };
  const refresh = async (): Promise<Head> => {
    let at = head;
    for (;;) {
      const next = await find(at.block + 1);
      if (next === undefined) break;
      assertFollows(next, at, blockKey(at.block + 1));
      at = headAfter(at.block + 1, next);
    }
    if (at.block > head.block) head = at;
    return head;
  };
  /** The block that holds `index`, by bisection over block numbers. */
  const locate = async (index: number, end: Head): Promise<number> => {
    if (!Number.isSafeInteger(index) || index < 0 || index >= end.size) {
      throw new LineageError(
        'EVIDENCE_INVALID',
        `log ${logId} has ${end.size} leaves and none at index ${index}`,
      );
    }
    let [low, high] = [0, end.block];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((await block(middle)).firstIndex <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  /** The blocks from `first` to `end`, each checked to continue the one before. */
  async function* walk(first: number, end: Head): AsyncGenerator<LedgerBlock> {
    let at = first === 0 ? emptyHead(logId) : undefined;
    for (let number = first; number <= end.block; number += 1) {
      const current = await block(number);
      if (at !== undefined) assertFollows(current, at, blockKey(number));
      at = headAfter(number, current);
      yield current;
    }
  }
  return {
    refresh,
    block,
    async checkpoint() {
      const { block: number } = await refresh();
      return number < 0 ? undefined : (await block(number)).checkpoint;
    },
    async proof(index) {
      const end = await refresh();
      const first = await locate(index, end);
      const blocks: LedgerBlock[] = [];
      for await (const current of walk(first, end)) blocks.push(current);
      return proofOver(blocks, index, keys);
    },
    async *scan(from) {
      const end = await refresh();
      if (from >= end.size) return;
      for await (const current of walk(await locate(from, end), end)) {
        for (const [offset, leaf] of leavesOf(current).entries()) {
          const index = current.firstIndex + offset;
          if (index >= from) yield { index, leaf };
        }
      }
    },
    async resumeAt(number, promised) {
      const found = await find(number);
      if (found === undefined) {
        throw broken(`the log was cut: a signed checkpoint names ${blockKey(number)}`);
      }
      if (found.after !== promised.root || found.checkpoint.size !== promised.size) {
        throw broken(`${blockKey(number)} is not the block that a signed checkpoint names`);
      }
      head = headAfter(number, found);
    },
  };
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
