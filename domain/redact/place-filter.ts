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
  /** For each symbol its class, whose symbols no beginning tells apart, and for each class one of them. */
  readonly classes: Uint8Array;
  readonly symbols: readonly number[];
  /** Made as texts need them, and anew when there are too many. */
  states: States;
}

/** What was found to be left of the beginnings behind some units. */
interface States {
  /** The next state by state and class of the symbol that follows; 0 where no text had it yet. */
  next: Uint16Array;
  /** By state the beginnings that are left, a bit each, and the patterns that they belong to. */
  readonly bits: Int32Array[];
  readonly owners: Int32Array[];
  /** States by their place and bits. */
  readonly known: Map<string, number>;
}

/** The state in which nothing is left, and that in which nothing was looked at yet. */
const [DEAD, START] = [1, 2];
const [FIRST_ROOM, MOST_STATES] = [32, 1 << 15];
const NONE = new Int32Array();

const either = (unit: number): number[] => [
  unit,
  String.fromCharCode(unit).toUpperCase().charCodeAt(0),
];

/** Symbols are of one class where each place has the same bits for them. */
function classesOf(table: Int32Array, depth: number, words: number) {
  const byColumn = new Map<string, number>();
  const symbols: number[] = [];
  const classes = Uint8Array.from({ length: SYMBOLS }, (_, symbol) => {
    const column = Array.from({ length: depth }, (__, place) => {
      const slot = (place * SYMBOLS + symbol) * words;
      return table.subarray(slot, slot + words).join(' ');
    }).join(';');
    const known = byColumn.get(column) ?? symbols.push(symbol) - 1;
    byColumn.set(column, known);
    return known;
  });
  return { classes, symbols };
}

function ownersOf(bits: Int32Array, owners: Int32Array): Int32Array {
  const found: number[] = [];
  bits.forEach((word, at) => {
    for (let left = word; left !== 0; left &= left - 1) {
      const owner = owners[(at << 5) + 31 - Math.clz32(left & -left)] ?? -1;
      if (owner !== found.at(-1)) found.push(owner);
    }
  });
  return Int32Array.from(found);
}

function noStates(words: number, owners: Int32Array, classes: number): States {
  const all = new Int32Array(words);
  owners.forEach((_, bit) => {
    all[bit >> 5] = (all[bit >> 5] ?? 0) | (1 << (bit & 31));
  });
  const none = new Int32Array(words);
  return {
    next: new Uint16Array(FIRST_ROOM * classes),
    bits: [none, none, all],
    owners: [none, none, all].map((bits) => ownersOf(bits, owners)),
    known: new Map(),
  };
}

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
  const owners = Int32Array.from(owned, ({ owner }) => owner);
  const { classes, symbols } = classesOf(table, depth, words);
  const states = noStates(words, owners, symbols.length);
  return { words, depth, table, owners, classes, symbols, states };
}

/** The number of a state, made where there is none of its place and bits. */
function numberOf(
  { states, owners, symbols }: PlaceFilter,
  place: number,
  bits: Int32Array,
): number {
  if (bits.every((word) => word === 0)) return DEAD;
  const key = `${String(place)} ${bits.join(' ')}`;
  const known = states.known.get(key);
  if (known !== undefined) return known;
  const made = states.bits.push(bits) - 1;
  states.owners.push(ownersOf(bits, owners));
  states.known.set(key, made);
  const room = states.next.length;
  if (states.bits.length * symbols.length > room) {
    const next = new Uint16Array(2 * room);
    next.set(states.next);
    states.next = next;
  }
  return made;
}

/** What the class of a symbol leaves of a state at a place. */
function advance(filter: PlaceFilter, from: number, place: number, ofClass: number): number {
  const { words, table, owners, symbols } = filter;
  const slot = (place * SYMBOLS + (symbols[ofClass] ?? 0)) * words;
  const left = filter.states.bits[from]?.map((word, at) => word & (table[slot + at] ?? 0));
  const isFull = filter.states.bits.length >= MOST_STATES;
  if (isFull) filter.states = noStates(words, owners, symbols.length);
  const to = numberOf(filter, place + 1, left ?? new Int32Array(words));
  if (!isFull) filter.states.next[from * symbols.length + ofClass] = to;
  return to;
}

/** The numbers of the patterns that may match at a place, in order. */
export function patternsAt(filter: PlaceFilter, text: string, at: number): Int32Array {
  const { depth, classes, symbols } = filter;
  let state = START;
  for (let place = 0; place < depth && state !== DEAD; place += 1) {
    const unit = text.charCodeAt(at + place);
    const isAscii = unit < OTHER;
    const ofClass = classes[isAscii ? unit : unit >= OTHER ? OTHER : END] ?? 0;
    const known = filter.states.next[state * symbols.length + ofClass] ?? 0;
    state = known === 0 ? advance(filter, state, place, ofClass) : known;
    // What stands behind a surrogate pair may be a place farther on to a pattern.
    if (!isAscii && (unit & 0xf800) === 0xd800) break;
  }
  return filter.states.owners[state] ?? NONE;
}
