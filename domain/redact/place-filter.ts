import { DEPTH, END, mayStand, OTHER, SYMBOLS, type FirstUnits } from './first-units.js';

/** Tells which of some patterns may match at a place, by the first units that stand there. */
export interface PlaceFilter {
  /** Words of 32 bits that hold a bit for each beginning. */
  readonly words: number;
  /** Places that are looked at. */
  readonly depth: number;
  /** Bits of the beginnings that may have a symbol at a place, at `(place * SYMBOLS + symbol) * words`. */
  readonly table: Int32Array;
  /** The pattern that each beginning belongs to. */
  readonly owners: Int32Array;
}

const either = (unit: number): number[] => [
  unit,
  String.fromCharCode(unit).toUpperCase().charCodeAt(0),
];

/**
 * @param patterns for each of them its beginnings, as `firstUnits` tells them
 * @param prefix what stands at the place, in lower case: beginnings that cannot have it are left out, and
 *   places are asked for behind it
 * @param most places that are looked at
 */
export function placeFilter(
  patterns: readonly (readonly FirstUnits[])[],
  prefix: string,
  most = DEPTH,
): PlaceFilter {
  const skipped = Math.min(prefix.length, DEPTH);
  const fits = (units: FirstUnits): boolean =>
    Array.from({ length: skipped }, (_, place) => either(prefix.charCodeAt(place))).every(
      (cases, place) => cases.some((unit) => mayStand(units, place, Math.min(unit, OTHER))),
    );
  const owned = patterns.flatMap((beginnings, owner) =>
    beginnings.filter(fits).map((units) => ({ units, owner })),
  );
  const words = Math.ceil(owned.length / 32);
  const depth = Math.min(most, DEPTH - skipped);
  const table = new Int32Array(depth * SYMBOLS * words);
  owned.forEach(({ units }, bit) => {
    for (let at = 0; at < depth * SYMBOLS; at += 1) {
      const place = Math.floor(at / SYMBOLS);
      if (!mayStand(units, place + skipped, at % SYMBOLS)) continue;
      const slot = at * words + (bit >> 5);
      table[slot] = (table[slot] ?? 0) | (1 << (bit & 31));
    }
  });
  return { words, depth, table, owners: Int32Array.from(owned, ({ owner }) => owner) };
}

/** What is left of one word of beginnings at a place. */
function bitsAt(filter: PlaceFilter, text: string, at: number, word: number): number {
  const { words, depth, table } = filter;
  let bits = -1;
  for (let place = 0; place < depth && bits !== 0; place += 1) {
    const unit = text.charCodeAt(at + place);
    const isAscii = unit < OTHER;
    const symbol = isAscii ? unit : unit >= OTHER ? OTHER : END;
    bits &= table[(place * SYMBOLS + symbol) * words + word] ?? 0;
    // What stands behind a surrogate pair may be a place farther on to a pattern.
    if (!isAscii && (unit & 0xf800) === 0xd800) break;
  }
  return bits;
}

/** Puts the numbers of the patterns that may match at a place into `found`, in order; returns how many. */
export function patternsAt(
  filter: PlaceFilter,
  text: string,
  at: number,
  found: Int32Array,
): number {
  let [count, last] = [0, -1];
  for (let word = 0; word < filter.words; word += 1) {
    for (let bits = bitsAt(filter, text, at, word); bits !== 0; bits &= bits - 1) {
      const owner = filter.owners[(word << 5) + 31 - Math.clz32(bits & -bits)] ?? -1;
      if (owner !== last) found[count++] = owner;
      last = owner;
    }
  }
  return count;
}
