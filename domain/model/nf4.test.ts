import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DYNAMIC_SIGNED, DYNAMIC_UNSIGNED, nearestCode } from './dynamic-map.js';
import { ModelError } from './errors.js';
import { roundToBfloat16, roundToFloat16 } from './float-formats.js';
import {
  dequantizeNf4,
  nestScales,
  NF4_CODE,
  NF4_THRESHOLDS,
  packNf4,
  quantizeNf4,
  unnestScales,
} from './nf4.js';
import { lcgValues } from '../../test/fixtures/model/lcg.js';

interface Vectors {
  readonly nf4_code: number[];
  readonly nf4_thresholds: number[];
  readonly dynamic_signed: number[];
  readonly dynamic_unsigned: number[];
  readonly vector: Readonly<Record<string, string>> & {
    nested_offset: number;
    nested_absmax: number[];
    absmax_q_first16: number[];
  };
}

const vectors = JSON.parse(
  readFileSync(new URL('../../test/fixtures/model/nf4-vectors.json', import.meta.url), 'utf8'),
) as Vectors;
const sha256 = (data: Float32Array | Uint8Array | Uint16Array) =>
  createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex');

describe('code books', () => {
  it('equal the published tables', () => {
    expect([...NF4_CODE]).toEqual(vectors.nf4_code);
    expect([...NF4_THRESHOLDS]).toEqual(vectors.nf4_thresholds);
    expect([...DYNAMIC_SIGNED]).toEqual(vectors.dynamic_signed);
    expect([...DYNAMIC_UNSIGNED]).toEqual(vectors.dynamic_unsigned);
  });
});

const layout = { blockSize: 64, code: NF4_CODE, dtype: 'float32' } as const;

describe('NF4 with double quantization', () => {
  const values = lcgValues(32768, 12345);
  const { packed, absmax } = packNf4(values);
  const scales = nestScales(absmax);
  const restored = new Float32Array(values.length);
  dequantizeNf4({ ...layout, shape: [values.length], packed, scales }, restored);
  const half = (round: (x: number) => number) => restored.map(round);

  it('packs the published bytes', () => {
    expect(sha256(values)).toBe(vectors.vector['input_sha256']);
    expect(sha256(packed)).toBe(vectors.vector['packed_sha256']);
    expect(sha256(absmax)).toBe(vectors.vector['absmax_sha256']);
  });

  it('nests scales as published', () => {
    expect(scales.offset).toBeCloseTo(vectors.vector.nested_offset, 7);
    // The mean's reduction order is torch's; with the stored offset everything else is exact.
    const shifted = { ...scales, offset: vectors.vector.nested_offset };
    expect(sha256(shifted.codes)).toBe(vectors.vector['absmax_q_sha256']);
  });

  it('dequantizes to the published float32, and to bf16 and fp16 by rounding', () => {
    expect(sha256(restored)).toBe(vectors.vector['w_fp32_sha256']);
    const words = (rounded: Float32Array) =>
      new Uint16Array(new Uint32Array(rounded.buffer).map((bits) => bits >>> 16));
    expect(sha256(words(half(roundToBfloat16)))).toBe(vectors.vector['w_bf16_sha256']);
    expect(
      half(roundToFloat16).every(
        (value, i) => Math.abs(value - (restored[i] ?? 0)) <= Math.abs(value) * 2 ** -11 + 2 ** -25,
      ),
    ).toBe(true);
  });

  it('keeps zero blocks zero and refuses values that are not finite', () => {
    const { packed: zeros } = packNf4(new Float32Array(64));
    expect(zeros.every((byte) => byte === 0x77)).toBe(true);
    expect(() => packNf4(Float32Array.of(1, NaN))).toThrow(ModelError);
    expect(() => packNf4(Float32Array.of(1, Infinity))).toThrow(ModelError);
  });

  it('restores every element to within its block scale (property)', () => {
    const floats = fc.float32Array({ minLength: 1, maxLength: 300, min: -4, max: 4, noNaN: true });
    fc.assert(
      fc.property(floats, (input) => {
        const tensor = quantizeNf4(input, [input.length]);
        const out = new Float32Array(input.length);
        dequantizeNf4(tensor, out);
        const blockScales = unnestScales(tensor.scales);
        const { absmax: exact } = packNf4(input);
        input.forEach((value, i) => {
          const drift = Math.abs((blockScales[i >> 6] ?? 0) - (exact[i >> 6] ?? 0));
          const bound = 0.16 * (exact[i >> 6] ?? 0) + drift + 1e-6;
          expect(Math.abs((out[i] ?? 0) - value)).toBeLessThanOrEqual(bound);
        });
      }),
      { numRuns: 100 },
    );
  });
});

describe('nearestCode', () => {
  it.each([
    ['signed', DYNAMIC_SIGNED, -1],
    ['unsigned', DYNAMIC_UNSIGNED, 0],
  ] as const)('finds the nearest of the %s map (property)', (_, map, min) => {
    fc.assert(
      fc.property(fc.float({ min, max: 1, noNaN: true }), (value) => {
        const distance = (i: number) => Math.abs((map[i] ?? 0) - value);
        const best = Math.min(...Array.from({ length: 256 }, (__, i) => distance(i)));
        expect(distance(nearestCode(map, value))).toBeLessThanOrEqual(best + 1e-8);
      }),
    );
  });
});
