/** A seeded source of choices; the same seed draws the same cases. */
export interface Draw {
  /** A whole number from `from` to `to`, both included. */
  readonly int: (from: number, to: number) => number;
  readonly pick: <T>(of: readonly T[]) => T;
  readonly chance: (share: number) => boolean;
  /** `#` a digit, `@` a capital, `?` a digit or capital, `&` a hexadecimal digit; others stand. */
  readonly fill: (shape: string) => string;
  /** `length` characters of an alphabet. */
  readonly of: (alphabet: string, length: number) => string;
}

export const DIGITS = '0123456789';
export const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
export const HEX = '0123456789abcdef';

const SHAPES: Readonly<Record<string, string>> = {
  '#': DIGITS,
  '@': CAPITALS,
  '?': DIGITS + CAPITALS,
  '&': HEX,
};

/** mulberry32. */
export function drawFrom(seed: number): Draw {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  const pick = <T>(of: readonly T[]): T => {
    const chosen = of[int(0, of.length - 1)];
    if (chosen === undefined) throw new Error('nothing to pick from');
    return chosen;
  };
  const of = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet.charAt(int(0, alphabet.length - 1))).join('');
  const fill = (shape: string): string =>
    shape.replace(/[#@?&]/g, (mark) => of(SHAPES[mark] ?? mark, 1));
  return { int, pick, chance: (share) => next() < share, fill, of };
}

/** Splits a text into groups: `[4, 4, 2]` of `1234567890` by `-` gives `1234-5678-90`. */
export function grouped(text: string, sizes: readonly number[], separator: string): string {
  let at = 0;
  const groups: string[] = [];
  for (const size of sizes) {
    groups.push(text.slice(at, at + size));
    at += size;
  }
  if (at < text.length) groups.push(text.slice(at));
  return groups.filter((group) => group !== '').join(separator);
}

export const two = (number: number): string => String(number).padStart(2, '0');

/** A body whose check digit exists: `check` says undefined where the scheme has none. */
export function checked(
  draw: Draw,
  body: (draw: Draw) => string,
  check: (body: string) => string | undefined,
): string {
  for (;;) {
    const digits = body(draw);
    const end = check(digits);
    if (end !== undefined) return digits + end;
  }
}

/** For schemes in which ten is no check digit. */
export const oneDigit = (rest: number): string | undefined => (rest > 9 ? undefined : String(rest));
