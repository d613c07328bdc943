const LOG2_E = 1.4426950408889634;
const LN_2 = 0.6931471805599453;
/** Adding and subtracting it rounds a double to the nearest integer. */
const ROUNDER = 6755399441055744;
const LOWEST = -126;
const POWERS = Float64Array.from({ length: 254 }, (_, i) => 2 ** (i + LOWEST));

/**
 * e^x to within 1e-8 relative, for x clamped to [-87, 88]; below -87 the result is 0.
 * Plain arithmetic only: several times faster than Math.exp, and equal on every machine.
 */
export function exponential(x: number): number {
  if (x < -87) return 0;
  const y = x > 88 ? 88 : x;
  const n = y * LOG2_E + ROUNDER - ROUNDER;
  const r = y - n * LN_2;
  const series =
    1 +
    r *
      (1 + r * (0.5 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040)))))));
  return series * (POWERS[n - LOWEST] ?? 0);
}
