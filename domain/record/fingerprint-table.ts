/**
 * Counts how often each 96-bit fingerprint was added, in 16 bytes a slot: ids are keyed digests, so
 * that two of ten million share a fingerprint with a chance of 6e-16.
 */
export interface FingerprintTable {
  /** Adds the fingerprint in the first 24 digits of `hex`; gives how often it was added before. */
  add(hex: string): number;
  /** Distinct fingerprints. */
  readonly size: number;
}

const SEGMENTS = 256;
const SLOT_WORDS = 4;
const FIRST_SLOTS = 16;
/** Grown by a quarter when more than this share is taken: at least 0.68 of the memory is used. */
const MOST_TAKEN = 0.85;
const GROWTH = 1.25;

interface Segment {
  /** Slots of three words of the fingerprint and a count; a count of 0 is a free slot. */
  slots: Uint32Array;
  taken: number;
}

/** Where the fingerprint is, or the free slot where it belongs. */
function slotOf(slots: Uint32Array, w0: number, w1: number, w2: number): number {
  const count = slots.length / SLOT_WORDS;
  for (let slot = w1 % count; ; slot = slot + 1 === count ? 0 : slot + 1) {
    const at = SLOT_WORDS * slot;
    if (slots[at + 3] === 0) return at;
    if (slots[at] === w0 && slots[at + 1] === w1 && slots[at + 2] === w2) return at;
  }
}

function grow(segment: Segment): void {
  const old = segment.slots;
  const count = Math.ceil((old.length / SLOT_WORDS) * GROWTH);
  segment.slots = new Uint32Array(SLOT_WORDS * count);
  for (let at = 0; at < old.length; at += SLOT_WORDS) {
    if (old[at + 3] === 0) continue;
    const [w0, w1, w2] = [old[at] as number, old[at + 1] as number, old[at + 2] as number];
    segment.slots.set(old.subarray(at, at + SLOT_WORDS), slotOf(segment.slots, w0, w1, w2));
  }
}

/** An empty table. It grows segment by segment, so that no growth holds two copies of the whole. */
export function createFingerprintTable(): FingerprintTable {
  const segments = Array.from({ length: SEGMENTS }, (): Segment => {
    return { slots: new Uint32Array(SLOT_WORDS * FIRST_SLOTS), taken: 0 };
  });
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(hex) {
      const w0 = Number.parseInt(hex.slice(0, 8), 16);
      const w1 = Number.parseInt(hex.slice(8, 16), 16);
      const w2 = Number.parseInt(hex.slice(16, 24), 16);
      const segment = segments[w0 >>> 24] as Segment;
      const at = slotOf(segment.slots, w0, w1, w2);
      const before = segment.slots[at + 3] as number;
      if (before > 0) {
        segment.slots[at + 3] = before + 1;
        return before;
      }
      segment.slots.set([w0, w1, w2, 1], at);
      segment.taken++;
      size++;
      const slots = segment.slots.length / SLOT_WORDS;
      if (segment.taken > MOST_TAKEN * slots) grow(segment);
      return 0;
    },
  };
}
