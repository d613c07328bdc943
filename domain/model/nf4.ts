import { DYNAMIC_SIGNED, nearestCode } from './dynamic-map.js';
import { ModelError } from './errors.js';
import { roundToBfloat16, roundToFloat16 } from './float-formats.js';

/** The NF4 code book; every value is an exact float32. Source: bitsandbytes 0.50.2 get_4bit_type. */
export const NF4_CODE = Float32Array.of(
  -1,
  -0.6961928009986877,
  -0.5250730514526367,
  -0.39491748809814453,
  -0.28444138169288635,
  -0.18477343022823334,
  -0.09105003625154495,
  0,
  0.07958029955625534,
  0.16093020141124725,
  0.24611230194568634,
  0.33791524171829224,
  0.44070982933044434,
  0.5626170039176941,
  0.7229568362236023,
  1,
);

/** Midpoints between neighbouring codes, rounded to float32; a value on one goes down. */
export const NF4_THRESHOLDS = Float32Array.from(
  { length: 15 },
  (_, i) => ((NF4_CODE[i] ?? 0) + (NF4_CODE[i + 1] ?? 0)) / 2,
);

const NF4_BLOCK = 64;
const NESTED_BLOCK = 256;

/** Blocks' scales as 8-bit codes over nested scales: QLoRA's double quantization. */
export interface NestedScales {
  readonly codes: Uint8Array;
  /** The float32 value of each code. */
  readonly map: Float32Array;
  /** One float32 per `blockSize` codes. */
  readonly absmax: Float32Array;
  readonly blockSize: number;
  readonly offset: number;
}

export type Nf4Dtype = 'float32' | 'bfloat16' | 'float16';

/** A matrix in NF4: two codes a byte, high nibble first, one scale per `blockSize` elements. */
export interface Nf4Tensor {
  readonly shape: readonly number[];
  readonly packed: Uint8Array;
  readonly blockSize: number;
  /** The 16 values of the codes. */
  readonly code: Float32Array;
  /** Scales by block: nested, or float32 as they are. */
  readonly scales: NestedScales | Float32Array;
  /** What a dequantized element is rounded to, before it is widened to float32 again. */
  readonly dtype: Nf4Dtype;
}

function code(x: number): number {
  let low = 0;
  let high = 15;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x > (NF4_THRESHOLDS[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Quantizes to NF4 in blocks of 64 consecutive elements, float32 arithmetic.
 * @param values row-major elements; every one must be finite
 * @returns two codes a byte (high nibble first) and the largest magnitude of each block
 * @throws ModelError QUANTIZATION_INVALID
 */
export function packNf4(values: Float32Array): { packed: Uint8Array; absmax: Float32Array } {
  const packed = new Uint8Array(Math.ceil(values.length / 2));
  const absmax = new Float32Array(Math.ceil(values.length / NF4_BLOCK));
  for (let block = 0; block < absmax.length; block++) {
    const begin = block * NF4_BLOCK;
    const end = Math.min(begin + NF4_BLOCK, values.length);
    let largest = 0;
    for (let i = begin; i < end; i++) largest = Math.max(largest, Math.abs(values[i] ?? 0));
    if (!Number.isFinite(largest)) {
      throw new ModelError(
        'QUANTIZATION_INVALID',
        'A weight is not finite; it cannot be quantized.',
      );
    }
    absmax[block] = largest;
    const inverse = largest === 0 ? 0 : Math.fround(1 / largest);
    for (let i = begin; i < end; i += 2) {
      const high = code(Math.fround((values[i] ?? 0) * inverse));
      const low = i + 1 < end ? code(Math.fround((values[i + 1] ?? 0) * inverse)) : 7;
      packed[i >> 1] = (high << 4) | low;
    }
  }
  return { packed, absmax };
}

/** Quantizes block scales to 8 bits (signed dynamic map) after subtracting their mean. */
export function nestScales(absmax: Float32Array): NestedScales {
  const offset = Math.fround(absmax.reduce((sum, value) => sum + value, 0) / absmax.length);
  const nested = new Float32Array(Math.ceil(absmax.length / NESTED_BLOCK));
  const codes = new Uint8Array(absmax.length);
  for (let block = 0; block < nested.length; block++) {
    const begin = block * NESTED_BLOCK;
    const part = absmax.subarray(begin, begin + NESTED_BLOCK).map((value) => value - offset);
    const largest = part.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const inverse = largest === 0 ? 0 : Math.fround(1 / largest);
    nested[block] = largest;
    part.forEach((value, i) => {
      codes[begin + i] = nearestCode(DYNAMIC_SIGNED, Math.fround(value * inverse));
    });
  }
  return { codes, map: DYNAMIC_SIGNED, absmax: nested, blockSize: NESTED_BLOCK, offset };
}

/** The scale of every block in float32. */
export function unnestScales(scales: Nf4Tensor['scales']): Float32Array {
  if (scales instanceof Float32Array) return scales;
  const { codes, map, absmax, blockSize, offset } = scales;
  const out = new Float32Array(codes.length);
  for (let block = 0, begin = 0; begin < out.length; block++, begin += blockSize) {
    const scale = absmax[block] ?? 0;
    const end = Math.min(begin + blockSize, out.length);
    for (let i = begin; i < end; i++)
      out[i] = Math.fround((map[codes[i] ?? 0] ?? 0) * scale) + offset;
  }
  return out;
}

/** NF4 with double quantization. Source: QLoRA (arXiv 2305.14314), bitsandbytes 0.50.2. */
export function quantizeNf4(values: Float32Array, shape: readonly number[]): Nf4Tensor {
  const { packed, absmax } = packNf4(values);
  const scales = nestScales(absmax);
  return { shape, packed, blockSize: NF4_BLOCK, code: NF4_CODE, scales, dtype: 'float32' };
}

const ROUND: Readonly<Record<Nf4Dtype, (value: number) => number>> = {
  float32: Math.fround,
  bfloat16: (value) => roundToBfloat16(Math.fround(value)),
  float16: (value) => roundToFloat16(Math.fround(value)),
};

/** Writes the tensor's elements, row-major and rounded to its dtype, to `out` (one element per code). */
export function dequantizeNf4(tensor: Nf4Tensor, out: Float32Array): void {
  const { packed, blockSize, code: values, dtype } = tensor;
  const scales = unnestScales(tensor.scales);
  const round = ROUND[dtype];
  const table = new Float32Array(16);
  for (let block = 0; block < scales.length; block++) {
    const scale = scales[block] ?? 0;
    for (let c = 0; c < 16; c++) table[c] = round((values[c] ?? 0) * scale);
    const begin = block * blockSize;
    const end = Math.min(begin + blockSize, out.length);
    const even = end - ((end - begin) & 1);
    for (let i = begin; i < even; i += 2) {
      const byte = packed[i >> 1] ?? 0;
      out[i] = table[byte >> 4] ?? 0;
      out[i + 1] = table[byte & 15] ?? 0;
    }
    if (even < end) out[even] = table[(packed[even >> 1] ?? 0) >> 4] ?? 0;
  }
}
