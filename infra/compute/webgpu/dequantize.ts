import * as tf from '@tensorflow/tfjs';
import type { Nf4Dtype } from '../../../domain/model/index.js';
import { DEQUANTIZE_KERNEL } from '../../../domain/train/engine/index.js';

/** What TensorFlow.js's WebGPU backend compiles and runs (its `WebGPUProgram`). */
interface Program {
  readonly variableNames: readonly string[];
  readonly outputShape: readonly number[];
  readonly workgroupSize: readonly [number, number, number];
  readonly dispatchLayout: { readonly x: readonly number[] };
  readonly dispatch: readonly [number, number, number];
  readonly size: true;
  readonly uniforms: string;
  readonly shaderKey: string;
  readonly getUserCode: () => string;
}

interface WebgpuBackend {
  runWebGPUProgram(
    program: Program,
    inputs: readonly tf.TensorInfo[],
    dtype: 'float32',
    uniforms: readonly { readonly type: 'int32'; readonly data: readonly number[] }[],
  ): tf.TensorInfo;
}

const GROUP = 64;
/** Workgroups of one dimension that every WebGPU device takes; what is more goes into the second. */
const MOST_GROUPS = 65_535;

/**
 * Rounding of a float32 to the checkpoint's dtype, to nearest and ties to even, in integers: what a
 * device does to floats may be reordered, what it does to integers may not.
 */
const ROUNDING: Readonly<Record<Nf4Dtype, string>> = {
  float32: 'return x;',
  bfloat16: `
    let bits = bitcast<u32>(x);
    return bitcast<f32>((bits + 0x7fffu + ((bits >> 16u) & 1u)) & 0xffff0000u);`,
  // Below 2^-14 a float16 is a multiple of 2^-24, so more bits are dropped.
  float16: `
    let bits = bitcast<u32>(x);
    let sign = bits & 0x80000000u;
    let magnitude = bits & 0x7fffffffu;
    let exponent = magnitude >> 23u;
    if (exponent >= 113u) {
      let rounded = (magnitude + 0xfffu + ((magnitude >> 13u) & 1u)) & 0xffffe000u;
      return bitcast<f32>(sign | select(rounded, 0x7f800000u, rounded >= 0x47800000u));
    }
    if (exponent < 102u) { return bitcast<f32>(sign); }
    let drop = 126u - exponent;
    let whole = (magnitude & 0x7fffffu) | 0x800000u;
    let units = (whole + (1u << (drop - 1u)) - 1u + ((whole >> drop) & 1u)) >> drop;
    return bitcast<f32>(bitcast<u32>(f32(units) * 5.9604644775390625e-8) | sign);`,
};

/** One element a thread: its code's value times its block's scale, rounded to the dtype. */
function program(shape: readonly number[], dtype: Nf4Dtype): Program {
  const groups = Math.ceil(shape.reduce((product, n) => product * n, 1) / GROUP);
  const rows = Math.ceil(groups / MOST_GROUPS);
  return {
    variableNames: ['words', 'scales', 'code'],
    outputShape: shape,
    workgroupSize: [GROUP, 1, 1],
    dispatchLayout: { x: shape.map((_, i) => i) },
    dispatch: [Math.ceil(groups / rows), rows, 1],
    size: true,
    uniforms: 'blockSize : i32,',
    shaderKey: `${DEQUANTIZE_KERNEL}_${dtype}`,
    // Eight codes a word; the first byte is the lowest, and its high nibble comes first.
    getUserCode: () => `
fn custosRound(x : f32) -> f32 {
  ${ROUNDING[dtype]}
}
fn main(index : i32) {
  if (index < uniforms.size) {
    let word = bitcast<u32>(words[index / 8]);
    let position = u32(index % 8);
    let shift = 8u * (position / 2u) + select(0u, 4u, position % 2u == 0u);
    let value = code[(word >> shift) & 15u] * scales[index / uniforms.blockSize];
    setOutputAtIndex(index, custosRound(value));
  }
}
`,
  };
}

/** Registers the engine's dequantization with TensorFlow.js's WebGPU backend. */
export function registerDequantization(): void {
  tf.registerKernel({
    kernelName: DEQUANTIZE_KERNEL,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { words, scales, code } = inputs as Record<'words' | 'scales' | 'code', tf.TensorInfo>;
      const { shape, blockSize, dtype } = attrs as unknown as {
        readonly shape: readonly number[];
        readonly blockSize: number;
        readonly dtype: Nf4Dtype;
      };
      const webgpu = backend as unknown as WebgpuBackend;
      return webgpu.runWebGPUProgram(program(shape, dtype), [words, scales, code], 'float32', [
        { type: 'int32', data: [blockSize] },
      ]);
    },
  });
}
