import { HOST_KERNELS, type HostKernel } from '../../../domain/train/engine/index.js';
import { KERNELS_WASM } from './kernels.wasm.js';
import { webAssembly, type WasmMemory } from './web-assembly.js';

/** kernels.as; every argument but sizes and scalars is a byte address in the shared memory. */
interface SimdModule {
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
  rmsNorm(x: number, w: number, y: number, rows: number, width: number, epsilon: number): void;
  rmsNormGrad(x: number, w: number, dy: number, dx: number, ...rest: Rows): void;
  swiglu(gate: number, up: number, sigmoid: number, y: number, count: number): void;
  swigluGrad(
    gate: number,
    up: number,
    sigmoid: number,
    dy: number,
    dGate: number,
    dUp: number,
    count: number,
  ): void;
  moveHeads(rows: number, parts: number, cos: number, sin: number, ...rest: Heads): void;
}
type Visible = [
  rows: number,
  keys: number,
  queries: number,
  offset: number,
  window: number,
  scale: number,
];
type Rows = [rows: number, width: number, epsilon: number];
type Heads = [length: number, heads: number, headDim: number, sign: number, toRows: 0 | 1];

type Run = HostKernel['run'];
type Named = Parameters<Run>[0];
type Outputs = Parameters<Run>[1];
type Attributes = Parameters<Run>[2];

const at = (buffers: Named, name: string): number => buffers[name]?.byteOffset ?? 0;
const out = (outputs: Outputs, i: number): number => outputs[i]?.byteOffset ?? 0;

function visible(elements: number, attributes: Attributes): Visible {
  const { keys, queries, offset, window, scale } = attributes as Record<string, number>;
  const width = keys ?? 1;
  return [elements / width, width, queries ?? 1, offset ?? 0, window ?? 0, scale ?? 1];
}

function rowsOf({ x, w }: Named, { epsilon }: Attributes): Rows {
  const width = w?.length ?? 1;
  return [(x?.length ?? 0) / width, width, epsilon as number];
}

/** The layout of heads.ts. */
interface Layout {
  readonly begin: number;
  readonly length: number;
  readonly heads: number;
  readonly headDim: number;
  readonly position: number;
  readonly rotate: boolean;
}

function move(simd: SimdModule, rows: number, parts: number, inputs: Named, layout: Layout) {
  return (toRows: 0 | 1): void => {
    const { begin, length, heads, headDim, position, rotate } = layout;
    const angle = 2 * position * headDim;
    const sign = rotate ? (toRows === 1 ? -1 : 1) : 0;
    simd.moveHeads(
      rows + 4 * begin * heads * headDim,
      parts,
      at(inputs, 'cos') + angle,
      at(inputs, 'sin') + angle,
      ...[length, heads, headDim, sign, toRows],
    );
  };
}

/** Calls `each` with the address, row number and largest element of every row of logits. */
function eachRow(
  simd: SimdModule,
  inputs: Named,
  labels: Int32Array,
  each: (x: number, n: number, largest: number, width: number) => void,
): void {
  const logits = inputs['logits'] ?? new Float32Array(0);
  const width = logits.length / labels.length;
  for (let n = 0; n < labels.length; n++) {
    const x = logits.byteOffset + 4 * n * width;
    each(x, n, simd.largestOf(x, width), width);
  }
}

const runs = (simd: SimdModule): Readonly<Record<string, Run>> => ({
  CustosCausalSoftmax: (inputs, outputs, attributes) => {
    const size = inputs['scores']?.length ?? 0;
    simd.causalSoftmax(at(inputs, 'scores'), out(outputs, 0), ...visible(size, attributes));
  },
  CustosCausalSoftmaxGrad: (inputs, outputs, attributes) => {
    const rest = visible(inputs['p']?.length ?? 0, attributes);
    simd.causalSoftmaxGrad(at(inputs, 'p'), at(inputs, 'dp'), out(outputs, 0), ...rest);
  },
  CustosRmsNorm: (inputs, outputs, attributes) => {
    const rest = rowsOf(inputs, attributes);
    simd.rmsNorm(at(inputs, 'x'), at(inputs, 'w'), out(outputs, 0), ...rest);
  },
  CustosRmsNormGrad: (inputs, outputs, attributes) => {
    const [x, w, dy] = [at(inputs, 'x'), at(inputs, 'w'), at(inputs, 'dy')];
    simd.rmsNormGrad(x, w, dy, out(outputs, 0), ...rowsOf(inputs, attributes));
  },
  CustosSwiglu: (inputs, outputs) => {
    const [gate, up, sigmoid] = [at(inputs, 'gate'), at(inputs, 'up'), at(inputs, 'sigmoid')];
    simd.swiglu(gate, up, sigmoid, out(outputs, 0), inputs['gate']?.length ?? 0);
  },
  CustosSwigluGrad: (inputs, outputs) => {
    const [gate, up, sigmoid] = [at(inputs, 'gate'), at(inputs, 'up'), at(inputs, 'sigmoid')];
    const [dGate, dUp, count] = [out(outputs, 0), out(outputs, 1), inputs['gate']?.length ?? 0];
    simd.swigluGrad(gate, up, sigmoid, at(inputs, 'dy'), dGate, dUp, count);
  },
  CustosSplitHeads: (inputs, outputs, attributes) => {
    const layout = attributes as unknown as Layout;
    move(simd, at(inputs, 'x'), out(outputs, 0), inputs, layout)(0);
  },
  CustosMergeHeads: (inputs, outputs, { layouts }) => {
    (layouts as readonly Layout[]).forEach((layout, i) => {
      move(simd, out(outputs, 0), at(inputs, `p${String(i)}`), inputs, layout)(1);
    });
  },
  CustosCrossEntropy: (inputs, [losses, slopes], { labels, weight }) => {
    const targets = labels as Int32Array;
    eachRow(simd, inputs, targets, (x, n, largest, width) => {
      const label = targets[n] ?? 0;
      const own = inputs['logits']?.[n * width + label] ?? NaN;
      const y = (slopes?.byteOffset ?? 0) + 4 * n * width;
      const sum = simd.crossEntropyRow(x, y, width, label, weight as number, largest);
      if (losses !== undefined) losses[n] = Math.log(sum) + largest - own;
    });
  },
  CustosTokenLoss: (inputs, [losses], { labels }) => {
    const targets = labels as Int32Array;
    eachRow(simd, inputs, targets, (x, n, largest, width) => {
      const own = inputs['logits']?.[n * width + (targets[n] ?? 0)] ?? NaN;
      const sum = simd.sumOfExp(x, width, largest);
      if (losses !== undefined) losses[n] = Math.log(sum) + largest - own;
    });
  },
});

/**
 * The engine's fused kernels, vectorized where kernels.as has them, for tensors that lie in `memory`
 * (each buffer's byteOffset is its address). The others stay JavaScript.
 */
export function simdKernels(memory: WasmMemory): readonly HostKernel[] {
  const module = new webAssembly.Module(Buffer.from(KERNELS_WASM, 'base64'));
  const instance = new webAssembly.Instance(module, { env: { memory } });
  const vectorized = runs(instance.exports as SimdModule);
  return HOST_KERNELS.map((kernel) => ({ ...kernel, run: vectorized[kernel.name] ?? kernel.run }));
}
