/**
 * Counts how often each 72-bit fingerprint was added, in 9 bytes a slot: ids are keyed digests, so
 * that two of ten million share a fingerprint with a chance of 1e-8.
 */
export interface FingerprintTable {
  /** Adds the fingerprint in the first 18 digits of `hex`; gives how often it was added before. */
  add(hex: string): number;
  /** Distinct fingerprints. */
  readonly size: number;
}

/** One for each value of the first eight bits, which the slots therefore leave out. */
const SEGMENTS = 256;
const SLOT_WORDS = 2;
const FIRST_SLOTS = 16;
/** Grown by a quarter when more than this share is taken: at least 0.68 of the memory is used. */
const MOST_TAKEN = 0.85;
const GROWTH = 1.25;
/** What a slot's byte counts up to; higher counts are few, and in a map. */
const MOST_COUNTED = 255;

interface Segment {
  /** Slots of the two words after the first eight bits. */
  slots: Uint32Array;
  /** How often each slot's fingerprint was added; 0 of a free slot. */
  counts: Uint8Array;
  taken: number;
}

/** The slot of the fingerprint, or the free one where it belongs. */
function slotOf({ slots, counts }: Segment, w0: number, w1: number): number {
  for (let slot = w1 % counts.length; ; slot = slot + 1 === counts.length ? 0 : slot + 1) {
    if (counts[slot] === 0) return slot;
    if (slots[SLOT_WORDS * slot] === w0 && slots[SLOT_WORDS * slot + 1] === w1) return slot;
  }
}

function put(segment: Segment, [w0, w1]: readonly [number, number], count: number): void {
  const slot = slotOf(segment, w0, w1);
  segment.slots[SLOT_WORDS * slot] = w0;
  segment.slots[SLOT_WORDS * slot + 1] = w1;
  segment.counts[slot] = count;
}

function grow(segment: Segment): void {
  const { slots, counts } = segment;
  const larger = Math.ceil(counts.length * GROWTH);
  segment.slots = new Uint32Array(SLOT_WORDS * larger);
  segment.counts = new Uint8Array(larger);
  for (const [slot, count] of counts.entries()) {
    if (count === 0) continue;
    const [w0, w1] = [slots[SLOT_WORDS * slot], slots[SLOT_WORDS * slot + 1]];
    put(segment, [w0 as number, w1 as number], count);
  }
}

/** An empty table. It grows segment by segment, so that no growth holds two copies of the whole. */
export function createFingerprintTable(): FingerprintTable {
  const segments = Array.from({ length: SEGMENTS }, (): Segment => {
    const slots = new Uint32Array(SLOT_WORDS * FIRST_SLOTS);
    return { slots, counts: new Uint8Array(FIRST_SLOTS), taken: 0 };
  });
  /** Of fingerprints whose byte is full, by their digits. */
  const beyond = new Map<string, number>();
  let size = 0;
  const countFull = (digits: string): number => {
    const before = beyond.get(digits) ?? MOST_COUNTED;
    beyond.set(digits, before + 1);
    return before;
  };
  return {
    get size() {
      return size;
    },
    add(hex) {
      const segment = segments[Number.parseInt(hex.slice(0, 2), 16)] as Segment;
      const w0 = Number.parseInt(hex.slice(2, 10), 16);
      const w1 = Number.parseInt(hex.slice(10, 18), 16);
      const slot = slotOf(segment, w0, w1);
      const before = segment.counts[slot] as number;
      if (before === MOST_COUNTED) return countFull(hex.slice(0, 18));
      if (before > 0) {
        segment.counts[slot] = before + 1;
        return before;
      }
      put(segment, [w0, w1], 1);
      segment.taken++;
      size++;
      if (segment.taken > MOST_TAKEN * segment.counts.length) grow(segment);
      return 0;
    },
  };
}
