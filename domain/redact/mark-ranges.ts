interface Range {
  readonly start: number;
  readonly end: number;
}

/** One byte a UTF-16 unit: 1 inside a range, so that asking costs nothing per range. */
export function markRanges(length: number, ranges: readonly Range[]): Uint8Array {
  const marks = new Uint8Array(length);
  for (const { start, end } of ranges) marks.fill(1, start, end);
  return marks;
}
