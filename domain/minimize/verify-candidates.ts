import { MinimizeError } from './errors.js';
import { offsetsOf, type SketchSource } from './sketch-source.js';
import { createPairBuffer, type PairBuffer } from './sorted-pairs.js';

/** Signatures held at once; with more records to compare with, the signatures are read again. */
const HELD_BYTES = 96 * 2 ** 20;

interface Visit {
  readonly wanted: (rank: number) => boolean;
  readonly visit: (rank: number, entries: Uint16Array) => void;
}

/** Visits the signatures of wanted ranks, reading only the shards that have some. */
async function visitSignatures(
  source: SketchSource,
  ranks: Int32Array,
  permutations: number,
  { wanted, visit }: Visit,
): Promise<void> {
  const offsets = offsetsOf(source);
  for (const [shard, count] of source.counts.entries()) {
    const from = offsets[shard] as number;
    const own = ranks.subarray(from, from + count);
    if (!own.some(wanted)) continue;
    const signatures = await source.signatures(shard);
    if (signatures.permutations !== permutations) {
      throw new MinimizeError(
        'SKETCH_INVALID',
        `a shard was sketched with ${String(signatures.permutations)} permutations, the policy says ${String(permutations)}; sketch it again`,
      );
    }
    own.forEach((rank, row) => {
      if (!wanted(rank)) return;
      visit(rank, signatures.entries.subarray(row * permutations, (row + 1) * permutations));
    });
  }
}

function equalEntries(a: Uint16Array, b: Uint16Array, at: number): number {
  let equal = 0;
  for (let index = 0; index < a.length; index++) if (a[index] === b[at + index]) equal++;
  return equal;
}

/** Pair indices by their earlier rank, sorted. */
function byEarlier(pairs: PairBuffer): PairBuffer {
  const order = createPairBuffer(pairs.length);
  for (let index = 0; index < pairs.length; index++) order.push(pairs.second(index), index);
  order.sort();
  return order;
}

/** The entries of the order from `from` on whose distinct earlier ranks fit into what may be held. */
function chunkFrom(order: PairBuffer, from: number, capacity: number) {
  const slots = new Map<number, number>();
  let to = from;
  for (; to < order.length; to++) {
    const earlier = order.first(to);
    if (!slots.has(earlier)) {
      if (slots.size === capacity) break;
      slots.set(earlier, slots.size);
    }
  }
  return { slots, to };
}

/** The pairs of a chunk of the order by their later rank, sorted. */
function byLater(pairs: PairBuffer, order: PairBuffer, from: number, to: number): PairBuffer {
  const later = createPairBuffer(to - from);
  for (let at = from; at < to; at++) later.push(pairs.first(order.second(at)), order.second(at));
  later.sort();
  return later;
}

/** Index of the first entry of sorted pairs with this first number. */
function firstOf(pairs: PairBuffer, first: number): number {
  let [low, high] = [0, pairs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (pairs.first(middle) < first) low = middle + 1;
    else high = middle;
  }
  return low;
}

function bitSet(total: number, pairs: PairBuffer): (rank: number) => boolean {
  const bits = new Uint8Array((total >> 3) + 1);
  for (let index = 0; index < pairs.length; index++) {
    const rank = pairs.first(index);
    bits[rank >> 3] = (bits[rank >> 3] as number) | (1 << (rank & 7));
  }
  return (rank) => ((bits[rank >> 3] as number) & (1 << (rank & 7))) !== 0;
}

/**
 * How many signature entries each candidate pair has in common, by the pair's index. Both members'
 * full signatures are read again, in as many passes as the memory asks for.
 */
export async function countEqualEntries(
  source: SketchSource,
  ranks: Int32Array,
  pairs: PairBuffer,
  permutations: number,
): Promise<Uint16Array> {
  const equal = new Uint16Array(pairs.length);
  const order = byEarlier(pairs);
  const capacity = Math.max(1, Math.floor(HELD_BYTES / (2 * permutations)));
  // One for all passes: what each would leave behind is not collected before the next needs more.
  const held = new Uint16Array(Math.min(capacity, order.length) * permutations);
  for (let from = 0; from < order.length;) {
    const { slots, to } = chunkFrom(order, from, capacity);
    await visitSignatures(source, ranks, permutations, {
      wanted: (rank) => slots.has(rank),
      visit: (rank, entries) => {
        held.set(entries, (slots.get(rank) as number) * permutations);
      },
    });
    const later = byLater(pairs, order, from, to);
    const isLater = bitSet(ranks.length, later);
    await visitSignatures(source, ranks, permutations, {
      wanted: isLater,
      visit: (rank, entries) => {
        for (let at = firstOf(later, rank); at < later.length && later.first(at) === rank; at++) {
          const pair = later.second(at);
          const slot = slots.get(pairs.second(pair)) as number;
          equal[pair] = equalEntries(entries, held, slot * permutations);
        }
      },
    });
    from = to;
  }
  return equal;
}
