import type { Nf4Dtype } from '../../../domain/model/index.js';
import {
  DEQUANTIZE_KERNEL,
  HOST_KERNELS,
  type HostKernel,
} from '../../../domain/train/engine/index.js';
import { call, slicesOf, type Call, type Operation, type Slice, type Task } from '../team/calls.js';
import type { Team } from '../team/team.js';

type Run = HostKernel['run'];
type Named = Parameters<Run>[0];
type Buffers = Parameters<Run>[1];
type Attributes = Parameters<Run>[2];

const at = (buffers: Named, name: string): number => buffers[name]?.byteOffset ?? 0;
const out = (outputs: Buffers, i: number): number => outputs[i]?.byteOffset ?? 0;

/** Fewest elements that are worth another thread. */
const FEWEST = 1 << 13;

/** Slices of a count of things of `width` elements each, `step` of them together. */
function shares({ threads }: Team, count: number, width: number, step = 1): readonly Slice[] {
  const most = Math.floor((count * width) / FEWEST);
  return slicesOf(count, Math.max(1, Math.min(2 * threads, most)), step);
}

/** One call on each share of flat arrays: pointers move, and the last argument is the count. */
function elementwise(
  team: Team,
  name: Operation,
  pointers: readonly number[],
  count: number,
): void {
  team.run(
    shares(team, count, 1, 4).map(({ begin, size }): Task => [
      call(name, ...pointers.map((pointer) => pointer + 4 * begin), size),
    ]),
  );
}

function softmax(team: Team, name: Operation, pointers: readonly number[], size: number) {
  return (attributes: Attributes): void => {
    const { keys = 1, queries = 1, offset, window, scale } = attributes as Record<string, number>;
    const rest = [offset ?? 0, window ?? 0, scale ?? 1];
    // A share begins with a first query: what a row sees follows from its place among them.
    const tasks = shares(team, size / keys, keys, queries).map((share): Task => {
      const moved = pointers.map((pointer) => pointer + 4 * share.begin * keys);
      return [call(name, ...moved, share.size, keys, queries, ...rest)];
    });
    team.run(tasks);
  };
}

/** Rows of `width`; every pointer but that of the weight, the second, moves with them. */
function norm(
  team: Team,
  name: Operation,
  pointers: readonly number[],
  { x, w }: Named,
  { epsilon }: Attributes,
): void {
  const width = w?.length ?? 1;
  const tasks = shares(team, (x?.length ?? 0) / width, width).map(({ begin, size }): Task => {
    const moved = pointers.map((pointer, i) => (i === 1 ? pointer : pointer + 4 * begin * width));
    return [call(name, ...moved, size, width, epsilon as number)];
  });
  team.run(tasks);
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

/** Calls that move a segment's heads, one for each head. */
function move(rows: number, parts: number, inputs: Named, layout: Layout, toRows: 0 | 1): Task {
  const { begin, length, heads, headDim, position, rotate } = layout;
  const [angle, bytes] = [2 * position * headDim, 4 * headDim];
  const sign = rotate ? (toRows === 1 ? -1 : 1) : 0;
  const [cos, sin] = [at(inputs, 'cos') + angle, at(inputs, 'sin') + angle];
  return Array.from({ length: heads }, (_, head): Call => {
    const row = rows + bytes * (begin * heads + head);
    const part = parts + bytes * length * head;
    const strides = [heads * bytes, length * bytes];
    return call('moveHeads', row, part, cos, sin, length, 1, headDim, ...strides, sign, toRows);
  });
}

/** Equal calls on `elements` altogether, in tasks. */
function grouped(team: Team, calls: readonly Call[], elements: number): readonly Task[] {
  const each = elements / calls.length;
  return shares(team, calls.length, each).map(({ begin, size }) =>
    calls.slice(begin, begin + size),
  );
}

/** Losses of rows; the labels are copied to `scratch`, in the team's memory. */
function losses(team: Team, inputs: Named, labels: Int32Array, buffers: Buffers) {
  const logits = inputs['logits'] ?? new Float32Array(0);
  const scratch = buffers.at(-1) ?? logits;
  new Int32Array(scratch.buffer, scratch.byteOffset, labels.length).set(labels);
  const width = logits.length / labels.length;
  return (name: Operation, rest: (begin: number) => readonly number[]): void => {
    const tasks = shares(team, labels.length, width).map(({ begin, size }): Task => {
      const [x, target] = [logits.byteOffset + 4 * begin * width, scratch.byteOffset + 4 * begin];
      return [
        call(name, x, target, out(buffers, 0) + 4 * begin, size, width, ...rest(begin * width)),
      ];
    });
    team.run(tasks);
  };
}

const runs = (team: Team): Readonly<Record<string, Run>> => ({
  CustosCausalSoftmax: (inputs, outputs, attributes) => {
    const pointers = [at(inputs, 'scores'), out(outputs, 0)];
    softmax(team, 'causalSoftmax', pointers, inputs['scores']?.length ?? 0)(attributes);
  },
  CustosCausalSoftmaxGrad: (inputs, outputs, attributes) => {
    const pointers = [at(inputs, 'p'), at(inputs, 'dp'), out(outputs, 0)];
    softmax(team, 'causalSoftmaxGrad', pointers, inputs['p']?.length ?? 0)(attributes);
  },
  CustosRmsNorm: (inputs, outputs, attributes) => {
    const pointers = [at(inputs, 'x'), at(inputs, 'w'), out(outputs, 0)];
    norm(team, 'rmsNorm', pointers, inputs, attributes);
  },
  CustosRmsNormGrad: (inputs, outputs, attributes) => {
    const pointers = [at(inputs, 'x'), at(inputs, 'w'), at(inputs, 'dy'), out(outputs, 0)];
    norm(team, 'rmsNormGrad', pointers, inputs, attributes);
  },
  CustosSwiglu: (inputs, outputs) => {
    const pointers = ['gate', 'up', 'sigmoid'].map((name) => at(inputs, name));
    elementwise(team, 'swiglu', [...pointers, out(outputs, 0)], inputs['gate']?.length ?? 0);
  },
  CustosSilu: (inputs, outputs) => {
    const pointers = [at(inputs, 'gate'), at(inputs, 'up'), out(outputs, 0)];
    elementwise(team, 'silu', pointers, inputs['gate']?.length ?? 0);
  },
  CustosSiluGrad: (inputs, outputs) => {
    const pointers = ['gate', 'up', 'dy'].map((name) => at(inputs, name));
    const slopes = [out(outputs, 0), out(outputs, 1)];
    elementwise(team, 'siluGrad', [...pointers, ...slopes], inputs['gate']?.length ?? 0);
  },
  CustosSplitHeads: (inputs, outputs, attributes) => {
    const layout = attributes as unknown as Layout;
    const calls = move(at(inputs, 'x'), out(outputs, 0), inputs, layout, 0);
    team.run(grouped(team, calls, outputs[0]?.length ?? 0));
  },
  CustosMergeHeads: (inputs, outputs, { layouts }) => {
    const calls = (layouts as readonly Layout[]).flatMap((layout, i) =>
      move(out(outputs, 0), at(inputs, `p${String(i)}`), inputs, layout, 1),
    );
    team.run(grouped(team, calls, outputs[0]?.length ?? 0));
  },
  CustosCrossEntropy: (inputs, buffers, { labels, weight }) => {
    const slopes = out(buffers, 1);
    losses(
      team,
      inputs,
      labels as Int32Array,
      buffers,
    )('crossEntropy', (begin) => [slopes + 4 * begin, weight as number]);
  },
  CustosTokenLoss: (inputs, buffers, { labels }) => {
    losses(team, inputs, labels as Int32Array, buffers)('tokenLoss', () => []);
  },
});

const DTYPES: readonly Nf4Dtype[] = ['float32', 'bfloat16', 'float16'];

/** Dequantizes a weight that lies packed in the team's memory, whole blocks in each task. */
function dequantizeKernel(team: Team): HostKernel {
  return {
    name: DEQUANTIZE_KERNEL,
    outputShapes: (_, { shape }) => [shape as readonly number[]],
    run: (inputs, outputs, { blockSize, dtype }) => {
      const pointers = ['words', 'scales', 'code'].map((name) => at(inputs, name));
      const format = [blockSize as number, DTYPES.indexOf(dtype as Nf4Dtype)];
      const count = outputs[0]?.length ?? 0;
      const tasks = shares(team, count, 1, blockSize as number).map(({ begin, size }): Task => [
        call('dequantize', ...pointers, out(outputs, 0), begin, begin + size, ...format),
      ]);
      team.run(tasks);
    },
  };
}

const SCRATCH = new Set(['CustosCrossEntropy', 'CustosTokenLoss']);
const labelWords: NonNullable<HostKernel['scratch']> = (_, { labels }) =>
  (labels as Int32Array).length;

/**
 * The engine's fused kernels, vectorized where kernels.as has them and sliced over the team, for
 * tensors that lie in its memory (each buffer's byteOffset is its address). The others stay
 * JavaScript.
 */
export function simdKernels(team: Team): readonly HostKernel[] {
  const vectorized = runs(team);
  const fused = HOST_KERNELS.map((kernel) => ({
    ...kernel,
    run: vectorized[kernel.name] ?? kernel.run,
    ...(SCRATCH.has(kernel.name) ? { scratch: labelWords } : {}),
  }));
  return [...fused, dequantizeKernel(team)];
}
