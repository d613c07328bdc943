/**
 * Offsets in UTF-16 units as offsets in Unicode code points, in one pass over the text. A lone
 * surrogate is a code point; an offset inside a pair counts as the pair's start.
 * @param offsets in any order
 */
export function codePointOffsets(
  text: string,
  offsets: readonly number[],
): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  let [unit, points] = [0, 0];
  for (const offset of [...new Set(offsets)].sort((a, b) => a - b)) {
    while (unit < offset && unit < text.length) {
      const width = (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
      if (unit + width > offset) break;
      unit += width;
      points += 1;
    }
    places.set(offset, points);
  }
  return places;
}

/** As {@link codePointOffsets}, the other way: offsets in code points as offsets in UTF-16 units. */
export function utf16Offsets(
  text: string,
  offsets: readonly number[],
): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  let [unit, points] = [0, 0];
  for (const offset of [...new Set(offsets)].sort((a, b) => a - b)) {
    for (; points < offset && unit < text.length; points += 1) {
      unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
    }
    places.set(offset, unit);
  }
  return places;
}
