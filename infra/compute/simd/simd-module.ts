import { KERNELS_WASM } from './kernels.wasm.js';
import { webAssembly, type WasmMemory } from './web-assembly.js';

type Visible = [
  rows: number,
  keys: number,
  queries: number,
  offset: number,
  window: number,
  scale: number,
];
type Rows = [rows: number, width: number, epsilon: number];

/** kernels.as; every argument but sizes and scalars is a byte address in the memory. */
export interface SimdModule {
  largestOf(x: number, count: number): number;
  sumOfExp(x: number, count: number, largest: number): number;
  crossEntropyRow(
    x: number,
    out: number,
    width: number,
    label: number,
    weight: number,
    largest: number,
  ): number;
  causalSoftmax(scores: number, p: number, ...rest: Visible): void;
  causalSoftmaxGrad(p: number, dp: number, ds: number, ...rest: Visible): void;
  rmsNorm(x: number, w: number, y: number, ...rest: Rows): void;
  rmsNormGrad(x: number, w: number, dy: number, dx: number, ...rest: Rows): void;
  swiglu(gate: number, up: number, sigmoid: number, y: number, count: number): void;
  silu(gate: number, up: number, y: number, count: number): void;
  siluGrad(gate: number, up: number, dy: number, dGate: number, dUp: number, count: number): void;
  add(a: number, b: number, y: number, count: number): void;
  multiply(a: number, b: number, y: number, count: number): void;
  scaleBy(x: number, count: number, factor: number): void;
  sumParts(x: number, y: number, count: number, parts: number): void;
  dequantize(
    packed: number,
    scales: number,
    code: number,
    out: number,
    begin: number,
    end: number,
    blockSize: number,
    dtype: number,
  ): void;
  moveHeads(rows: number, parts: number, cos: number, sin: number, ...rest: Heads): void;
}
type Heads = [
  count: number,
  heads: number,
  headDim: number,
  rowStride: number,
  partStride: number,
  sign: number,
  toRows: number,
];

/** The engine's vectorized loops on `memory`, which is shared. */
export function instantiateSimd(memory: WasmMemory): SimdModule {
  const module = new webAssembly.Module(Buffer.from(KERNELS_WASM, 'base64'));
  const instance = new webAssembly.Instance(module, { env: { memory } });
  return instance.exports as SimdModule;
}
