import type { DocumentStore, TrustedKey } from '../../domain/lineage/index.js';
import type { LedgerBlock } from '../../schemas/index.js';
import {
  assertFollows,
  blockKey,
  broken,
  emptyHead,
  headAfter,
  parseBlock,
  type Head,
} from './blocks.js';
import { atStore } from './faults.js';

const CACHED_BLOCKS = 1024;

/** The blocks of one log, each checked by itself when it is first read, and kept: they never change. */
export interface BlockSource {
  readonly logId: string;
  find(number: number): Promise<LedgerBlock | undefined>;
  /** @throws LineageError LEDGER_BROKEN when it is not there */
  get(number: number): Promise<LedgerBlock>;
}

export function openBlockSource(
  documents: DocumentStore,
  logId: string,
  keys: readonly TrustedKey[],
): BlockSource {
  const cache = new Map<number, LedgerBlock>();
  const keep = (number: number, block: LedgerBlock): LedgerBlock => {
    cache.set(number, block);
    for (const oldest of cache.keys()) {
      if (cache.size <= CACHED_BLOCKS) break;
      cache.delete(oldest);
    }
    return block;
  };
  const find: BlockSource['find'] = async (number) => {
    const cached = cache.get(number);
    if (cached !== undefined) return cached;
    const key = blockKey(number);
    const document = await atStore(`read ${key}`, () => documents.read(key));
    if (document === undefined) return undefined;
    return keep(number, parseBlock(document.bytes, key, logId, keys));
  };
  return {
    logId,
    find,
    async get(number) {
      const found = await find(number);
      if (found === undefined) throw broken(`${blockKey(number)} is gone`);
      return found;
    },
  };
}

/** The blocks from `first` to `end`, each checked to continue the one before. */
export async function* walkBlocks(
  source: BlockSource,
  first: number,
  end: Head,
): AsyncGenerator<LedgerBlock> {
  let at = first === 0 ? emptyHead(source.logId) : undefined;
  for (let number = first; number <= end.block; number += 1) {
    const block = await source.get(number);
    if (at !== undefined) assertFollows(block, at, blockKey(number));
    at = headAfter(number, block);
    yield block;
  }
}

/** The number of the block that holds the leaf at `index`, by bisection. */
export async function locateLeaf(source: BlockSource, index: number, end: Head): Promise<number> {
  let [low, high] = [0, end.block];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((await source.get(middle)).firstIndex <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}
