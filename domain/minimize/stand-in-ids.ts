import { offsetsOf, type SketchSource } from './sketch-source.js';

/** Ids of the records that stand for others, by rank; 36 bytes a record. */
export async function readStandInIds(
  source: SketchSource,
  ranks: Int32Array,
  standIns: Int32Array,
): Promise<(rank: number) => string> {
  const wanted = standIns.filter((rank) => rank >= 0).sort();
  let count = 0;
  for (const [index, rank] of wanted.entries()) {
    if (index === 0 || rank !== wanted[count - 1]) wanted[count++] = rank;
  }
  const sorted = wanted.subarray(0, count);
  const ids = Buffer.alloc(32 * count);
  const indexOf = (rank: number): number => {
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] as number) < rank) low = middle + 1;
      else high = middle;
    }
    return sorted[low] === rank ? low : -1;
  };
  const offsets = offsetsOf(source);
  let prefix = '';
  for (const [shard, records] of count === 0 ? [] : source.counts.entries()) {
    const { ids: own, keyId } = await source.facts(shard);
    if (records > 0) prefix = keyId;
    for (let row = 0; row < records; row++) {
      const index = indexOf(ranks[(offsets[shard] as number) + row] as number);
      if (index >= 0) ids.set(own.subarray(32 * row, 32 * row + 32), 32 * index);
    }
  }
  return (rank) => {
    const index = indexOf(rank);
    return `${prefix}:${ids.toString('hex', 32 * index, 32 * index + 32)}`;
  };
}
