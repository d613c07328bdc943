import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lcgValues } from '../../test/fixtures/model/lcg.js';
import { floatMoments, updateFloat } from './adamw.js';
import { byteMoments, updateByte } from './adamw8bit.js';

const { adamw8bit: vector } = JSON.parse(
  readFileSync(new URL('../../test/fixtures/model/nf4-vectors.json', import.meta.url), 'utf8'),
) as { adamw8bit: Record<string, unknown> };
const sha256 = (data: Float32Array | Uint8Array) =>
  createHash('sha256').update(new Uint8Array(data.buffer)).digest('hex');

describe('updateByte', () => {
  it('equals the reference emulation of bitsandbytes after three steps', () => {
    const parameter = lcgValues(4096, 999);
    const gradient = lcgValues(4096, 777);
    const state = byteMoments(4096);
    for (let t = 1; t <= 3; t++) {
      updateByte(parameter, gradient, state, {
        rate: 2e-4,
        weightDecay: 0.01,
        t,
        decayFirst: false,
      });
    }
    expect([...parameter.subarray(0, 4)]).toEqual(vector['p_first4']);
    expect([...state.m.subarray(0, 8)]).toEqual(vector['state1_first8']);
    expect([...state.v.subarray(0, 8)]).toEqual(vector['state2_first8']);
    expect([...state.mScale.subarray(0, 2)]).toEqual(vector['absmax1_first2']);
    expect([...state.vScale.subarray(0, 2)]).toEqual(vector['absmax2_first2']);
    expect(sha256(parameter)).toBe(vector['p_sha256']);
    expect(sha256(state.m)).toBe(vector['state1_sha256']);
    expect(sha256(state.v)).toBe(vector['state2_sha256']);
  });

  it('leaves a parameter alone whose gradient is not finite', () => {
    const parameter = Float32Array.of(1, 2, 3);
    updateByte(parameter, Float32Array.of(NaN, Infinity, 0.5), byteMoments(3), {
      rate: 0.1,
      weightDecay: 0,
      t: 1,
      decayFirst: false,
    });
    expect([...parameter.subarray(0, 2)]).toEqual([1, 2]);
    expect(parameter[2]).toBeCloseTo(2.9, 5);
  });
});

describe('updateFloat', () => {
  it('moves by the learning rate on the first step, and decays in torch order', () => {
    const parameter = Float32Array.of(1, -1);
    updateFloat(parameter, Float32Array.of(0.3, -0.02), floatMoments(2), {
      rate: 0.1,
      weightDecay: 0.5,
      t: 1,
      decayFirst: true,
    });
    expect(parameter[0]).toBeCloseTo(0.95 - 0.1, 5);
    expect(parameter[1]).toBeCloseTo(-0.95 + 0.1, 5);
  });
});
