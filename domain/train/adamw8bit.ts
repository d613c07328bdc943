import { DYNAMIC_SIGNED, DYNAMIC_UNSIGNED, nearestCode } from '../model/index.js';
import { BETA1, BETA2, EPSILON, type Update } from './adamw.js';

const BLOCK = 256;
const round = Math.fround;

/** Moments as 8-bit codes with one float32 scale per 256 elements. */
export interface ByteMoments {
  readonly kind: 'uint8';
  readonly m: Uint8Array;
  readonly v: Uint8Array;
  readonly mScale: Float32Array;
  readonly vScale: Float32Array;
}

/** Tensors below this many elements keep float32 moments (bitsandbytes' min_8bit_size). */
export const MIN_8BIT_SIZE = 4096;

export function byteMoments(size: number): ByteMoments {
  const blocks = Math.ceil(size / BLOCK);
  return {
    kind: 'uint8',
    m: new Uint8Array(size),
    v: new Uint8Array(size),
    mScale: new Float32Array(blocks),
    vScale: new Float32Array(blocks),
  };
}

const negative = (x: number) => x < 0 || Object.is(x, -0);

/** Stores a block of moments as codes; keeps the sign of the first moment (bitsandbytes). */
function store(
  values: Float32Array,
  codes: Uint8Array,
  begin: number,
  scale: number,
  signed: boolean,
): void {
  const map = signed ? DYNAMIC_SIGNED : DYNAMIC_UNSIGNED;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    let code = nearestCode(map, scale === 0 ? 0 : round(value / scale));
    if (signed && negative(map[code] ?? 0) !== negative(value)) code += value > 0 ? 1 : -1;
    codes[begin + i] = code;
  }
}

/**
 * One blockwise 8-bit AdamW update in place; an element whose gradient is not finite keeps its
 * parameter and loses its moments.
 * Source: bitsandbytes 0.50.2 csrc/kernels.cu kOptimizerStatic8bit2StateBlockwise, in IEEE float32.
 */
export function updateByte(
  parameter: Float32Array,
  gradient: Float32Array,
  state: ByteMoments,
  update: Update,
): void {
  const { rate, weightDecay, t } = update;
  const [b1, b2] = [round(BETA1), round(BETA2)];
  const correction1 = round(1 - b1 ** t);
  const correction2 = round(Math.sqrt(1 - b2 ** t));
  const size = round(round(-round(rate) * correction2) / correction1);
  const epsilon = round(correction2 * round(EPSILON));
  const keep = round(1 - round(round(rate) * round(weightDecay)));
  const firsts = new Float32Array(BLOCK);
  const seconds = new Float32Array(BLOCK);
  for (let block = 0; block < state.mScale.length; block++) {
    const begin = block * BLOCK;
    const count = Math.min(BLOCK, parameter.length - begin);
    const [mScale, vScale] = [state.mScale[block] ?? 0, state.vScale[block] ?? 0];
    let [mLargest, vLargest] = [0, 0];
    for (let i = 0; i < count; i++) {
      const g = gradient[begin + i] ?? 0;
      let s1 = 0;
      let s2 = 0;
      if (Number.isFinite(g)) {
        s2 = round((DYNAMIC_UNSIGNED[state.v[begin + i] ?? 0] ?? 0) * vScale);
        s2 = round(round(s2 * b2) + round(round(round(1 - b2) * g) * g));
        s1 = round((DYNAMIC_SIGNED[state.m[begin + i] ?? 0] ?? 0) * mScale);
        s1 = round(round(s1 * b1) + round(round(1 - b1) * g));
        const move = round(size * round(s1 / round(round(Math.sqrt(s2)) + epsilon)));
        parameter[begin + i] = round(round((parameter[begin + i] ?? 0) + move) * keep);
      }
      firsts[i] = s1;
      seconds[i] = s2;
      mLargest = Math.max(mLargest, Math.abs(s1));
      vLargest = Math.max(vLargest, s2);
    }
    state.mScale[block] = mLargest;
    state.vScale[block] = vLargest;
    store(firsts.subarray(0, count), state.m, begin, mLargest, true);
    store(seconds.subarray(0, count), state.v, begin, vLargest, false);
  }
}
