/**
 * The dynamic 8-bit maps of bitsandbytes (create_dynamic_map, 0.50.2): 256 float32 values,
 * ascending. torch.linspace is emulated with one rounding per value (fused multiply-add).
 */
function linspace(end: number, points: number): readonly number[] {
  const start = Math.fround(0.1);
  const step = Math.fround((end - start) / (points - 1));
  return Array.from({ length: points }, (_, i) =>
    i < points >> 1 ? Math.fround(start + step * i) : Math.fround(end - step * (points - 1 - i)),
  );
}

function buildMap(signed: boolean): Float32Array {
  const values = [0, 1];
  for (let i = 0; i < 7; i++) {
    const steps = signed ? 2 ** i : 2 ** (i + 1);
    const bounds = linspace(1, steps + 1);
    for (let k = 0; k < steps; k++) {
      const mean = Math.fround(((bounds[k] ?? 0) + (bounds[k + 1] ?? 0)) / 2);
      const value = Math.fround(Math.fround(10 ** (i - 6)) * mean);
      values.push(value);
      if (signed) values.push(-value);
    }
  }
  return Float32Array.from(values).sort();
}

export const DYNAMIC_SIGNED = buildMap(true);
export const DYNAMIC_UNSIGNED = buildMap(false);

/**
 * The nearest code of `value` in an ascending map, by the search of bitsandbytes' dQuantize: on a
 * tie between two codes the pivot at which the search ended wins.
 */
export function nearestCode(map: Float32Array, value: number): number {
  let pivot = 127;
  let upper = 255;
  let lower = 0;
  let lowValue = -1;
  let highValue = 1;
  let pivotValue = map[pivot] ?? 0;
  if (map[0] === 0) lowValue = map[0];
  for (let step = 64; step > 0; step >>= 1) {
    if (value > pivotValue) {
      lower = pivot;
      lowValue = pivotValue;
      pivot += step;
    } else {
      upper = pivot;
      highValue = pivotValue;
      pivot -= step;
    }
    pivotValue = map[pivot] ?? 0;
  }
  if (upper === 255) highValue = map[255] ?? 1;
  if (lower === 0) lowValue = map[0] ?? 0;
  if (value > pivotValue) {
    return value > Math.fround((highValue + pivotValue) * 0.5) ? upper : pivot;
  }
  return value < Math.fround((lowValue + pivotValue) * 0.5) ? lower : pivot;
}
