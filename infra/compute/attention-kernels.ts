import type { HostKernel, AttentionAttributes } from '../../domain/train/engine/index.js';
import { call, product, slicesOf, type Call, type Matrix, type Slice } from './team/calls.js';
import type { Team } from './team/team.js';

type Named = Parameters<HostKernel['run']>[0];
type Buffers = Parameters<HostKernel['run']>[1];

const at = (buffer: Float32Array | undefined): number => buffer?.byteOffset ?? 0;

/** Queries of one head that are computed together: keys behind the last of them are left out. */
const blockOf = (group: number): number => (group > 2 ? 64 : 128);

/** One block of queries: it sees the keys up to its last query. */
interface Block extends Slice {
  readonly keys: number;
  /** Elements of the probabilities before it, and rows of a head group before it. */
  readonly before: number;
  readonly rows: number;
}

/** A segment and a key-value head: what one task computes, with elements before it in each array. */
interface Part {
  readonly segment: { readonly begin: number; readonly length: number };
  readonly head: number;
  readonly blocks: readonly Block[];
  readonly p: number;
  /** Tokens times key-value heads before it. */
  readonly keysBefore: number;
}

interface Shape {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly group: number;
  readonly parts: readonly Part[];
  readonly tokens: number;
  /** Elements of all probabilities. */
  readonly p: number;
}

function blocksOf(length: number, group: number): readonly Block[] {
  let before = 0;
  return slicesOf(length, Math.ceil(length / blockOf(group))).map((slice) => {
    const keys = slice.begin + slice.size;
    const rows = group * slice.size;
    const block = { ...slice, keys, rows, before };
    before += rows * keys;
    return block;
  });
}

function shapeOf({ heads, kvHeads, headDim, segments }: AttentionAttributes): Shape {
  const group = heads / kvHeads;
  const parts: Part[] = [];
  let [p, keysBefore, tokens] = [0, 0, 0];
  for (const segment of segments) {
    const blocks = blocksOf(segment.length, group);
    for (let head = 0; head < kvHeads; head++) {
      parts.push({ segment, head, blocks, p, keysBefore });
      p += blocks.reduce((sum, { rows, keys }) => sum + rows * keys, 0);
      keysBefore += segment.length;
    }
    tokens += segment.length;
  }
  return { heads, kvHeads, headDim, group, parts, tokens, p };
}

/** The layout of an attention; its kernels ask for it several times in a row. */
function remembered(): (attributes: AttentionAttributes) => Shape {
  let last: { readonly key: string; readonly shape: Shape } | undefined;
  return (attributes) => {
    const { heads, kvHeads, headDim, segments } = attributes;
    const key = JSON.stringify([heads, kvHeads, headDim, segments]);
    if (last?.key !== key) last = { key, shape: shapeOf(attributes) };
    return last.shape;
  };
}

interface Angles {
  readonly cos: number;
  readonly sin: number;
  readonly rotate: boolean;
}

/** Moves heads of some of a segment's rows [T, width] to or from parts that lie together. */
function mover(shape: Shape, { cos, sin, rotate }: Angles) {
  const bytes = 4 * shape.headDim;
  return (
    rows: { readonly at: number; readonly heads: number },
    part: Part,
    { begin, size }: Slice,
    heads: { readonly first: number; readonly count: number },
    to: number,
    [direction, turned]: readonly ['split' | 'merge', boolean],
  ): Call => {
    const row = rows.at + bytes * ((part.segment.begin + begin) * rows.heads + heads.first);
    const angle = 2 * begin * shape.headDim;
    const sign = turned && rotate ? (direction === 'split' ? 1 : -1) : 0;
    const sizes = [size, heads.count, shape.headDim, rows.heads * bytes, size * bytes];
    const back = direction === 'merge' ? 1 : 0;
    return call('moveHeads', row, to, cos + angle, sin + angle, ...sizes, sign, back);
  };
}

const softmaxSizes = (block: Block, { scale, window }: AttentionAttributes): readonly number[] => [
  block.rows,
  block.keys,
  block.size,
  block.begin,
  window ?? 0,
  scale,
];

/** Where a part's arrays lie, given those of all parts. */
function placesOf(shape: Shape, part: Part, all: Readonly<Record<'q' | 'k' | 'v' | 'p', number>>) {
  const { headDim, group } = shape;
  const keyBytes = 4 * part.keysBefore * headDim;
  const matrix = (address: number, rows: number, columns = headDim): Matrix => ({
    at: address,
    rows,
    columns,
  });
  return {
    q: ({ begin, rows }: Block) => matrix(all.q + group * (keyBytes + 4 * begin * headDim), rows),
    k: (keys: number) => matrix(all.k + keyBytes, keys),
    v: (keys: number) => matrix(all.v + keyBytes, keys),
    p: ({ before, rows, keys }: Block) => matrix(all.p + 4 * (part.p + before), rows, keys),
    matrix,
  };
}

/** Floats of a task's own room: outputs of one block. */
const forwardRoom = ({ group, headDim }: Shape, { segment }: Part): number =>
  group * Math.min(segment.length, blockOf(group)) * headDim;

function forwardTask(
  shape: Shape,
  part: Part,
  inputs: Named,
  [out, q, k, v, p, room = 0]: readonly number[],
  attributes: AttentionAttributes,
): Call[] {
  const { heads, kvHeads, group } = shape;
  const angles = { cos: at(inputs['cos']), sin: at(inputs['sin']), rotate: attributes.rotate };
  const move = mover(shape, angles);
  const places = placesOf(shape, part, { q: q ?? 0, k: k ?? 0, v: v ?? 0, p: p ?? 0 });
  const whole = { begin: 0, size: part.segment.length };
  const own = { first: part.head, count: 1 };
  const queries = { first: group * part.head, count: group };
  const rows = (name: string, count: number) => ({ at: at(inputs[name]), heads: count });
  return [
    move(rows('k', kvHeads), part, whole, own, places.k(0).at, ['split', true]),
    move(rows('v', kvHeads), part, whole, own, places.v(0).at, ['split', false]),
    ...part.blocks.flatMap((block): Call[] => {
      const [mine, weights] = [places.q(block), places.p(block)];
      const output = places.matrix(room, block.rows);
      return [
        move(rows('q', heads), part, block, queries, mine.at, ['split', true]),
        product(mine, places.k(block.keys), weights, { transposeB: true }),
        call('causalSoftmax', weights.at, weights.at, ...softmaxSizes(block, attributes)),
        product(weights, places.v(block.keys), output),
        move({ at: out ?? 0, heads }, part, block, queries, room, ['merge', false]),
      ];
    }),
  ];
}

/** Floats of a task's own room: slopes of a block's outputs, queries and scores, of all keys and values. */
function backwardRoom(shape: Shape, part: Part): number {
  const { length } = part.segment;
  const scores = shape.group * Math.min(length, blockOf(shape.group)) * length;
  return forwardRoom(shape, part) * 2 + scores + 2 * length * shape.headDim;
}

function roomOf(shape: Shape, part: Part, dOut: number) {
  const dq = dOut + 4 * forwardRoom(shape, part);
  const dk = dq + 4 * forwardRoom(shape, part);
  const dv = dk + 4 * part.segment.length * shape.headDim;
  return { dOut, dq, dk, dv, ds: dv + 4 * part.segment.length * shape.headDim };
}

/** From the last block, which sees every key, back: what sees fewer is added to what is there. */
function backwardTask(
  shape: Shape,
  part: Part,
  inputs: Named,
  [dq, dk, dv, scratch = 0]: readonly number[],
  attributes: AttentionAttributes,
): Call[] {
  const { heads, kvHeads, group } = shape;
  const angles = { cos: at(inputs['cos']), sin: at(inputs['sin']), rotate: attributes.rotate };
  const move = mover(shape, angles);
  const named = (name: string) => at(inputs[name]);
  const kept = { q: named('q'), k: named('k'), v: named('v'), p: named('p') };
  const { matrix, ...places } = placesOf(shape, part, kept);
  const room = roomOf(shape, part, scratch);
  const queries = { first: group * part.head, count: group };
  const blocks = part.blocks.toReversed().flatMap((block, i): Call[] => {
    const [dOut, ds] = [matrix(room.dOut, block.rows), matrix(room.ds, block.rows, block.keys)];
    const [weights, mine] = [places.p(block), places.q(block)];
    const sum = { transposeA: true, add: i > 0 };
    return [
      move({ at: named('dy'), heads }, part, block, queries, dOut.at, ['split', false]),
      product(dOut, places.v(block.keys), ds, { transposeB: true }),
      call('causalSoftmaxGrad', weights.at, ds.at, ds.at, ...softmaxSizes(block, attributes)),
      product(ds, places.k(block.keys), matrix(room.dq, block.rows)),
      move({ at: dq ?? 0, heads }, part, block, queries, room.dq, ['merge', true]),
      product(ds, mine, matrix(room.dk, block.keys), sum),
      product(weights, dOut, matrix(room.dv, block.keys), sum),
    ];
  });
  const whole = { begin: 0, size: part.segment.length };
  const own = { first: part.head, count: 1 };
  return [
    ...blocks,
    move({ at: dk ?? 0, heads: kvHeads }, part, whole, own, room.dk, ['merge', true]),
    move({ at: dv ?? 0, heads: kvHeads }, part, whole, own, room.dv, ['merge', false]),
  ];
}

type TaskOf = typeof forwardTask;

/** Floats of a cache line. */
const LINE = 16;

function kernelOf(
  team: Team,
  name: string,
  task: TaskOf,
  outputsOf: (shape: Shape) => readonly (readonly number[])[],
  room: (shape: Shape, part: Part) => number,
): HostKernel {
  // Whole cache lines, so that no two tasks write to one.
  const roomFor = (shape: Shape, part: Part) => LINE * Math.ceil(room(shape, part) / LINE);
  const layout = remembered();
  const read = (attributes: Readonly<Record<string, unknown>>) =>
    attributes as unknown as AttentionAttributes;
  return {
    name,
    outputShapes: (_, attributes) => outputsOf(layout(read(attributes))),
    scratch: (_, attributes) => {
      const shape = layout(read(attributes));
      return shape.parts.reduce((sum, part) => sum + roomFor(shape, part), 0);
    },
    run: (inputs, buffers: Buffers, attributes) => {
      const shape = layout(read(attributes));
      const pointers = buffers.map(at);
      let own = pointers.pop() ?? 0;
      const tasks = shape.parts.map((part) => {
        const calls = task(shape, part, inputs, [...pointers, own], read(attributes));
        own += 4 * roomFor(shape, part);
        return calls;
      });
      team.run(tasks);
    },
  };
}

/**
 * Causal attention as one operation: a task for each segment and key-value head goes through blocks
 * of queries, whose scores stay cached, and never computes a block of keys that none of them sees.
 */
export function attentionKernels(team: Team): readonly HostKernel[] {
  const rows = ({ tokens, heads, headDim }: Shape) => [tokens, heads * headDim];
  const keyRows = ({ tokens, kvHeads, headDim }: Shape) => [tokens, kvHeads * headDim];
  return [
    kernelOf(
      team,
      'CustosAttention',
      forwardTask,
      (shape) => [rows(shape), rows(shape), keyRows(shape), keyRows(shape), [shape.p]],
      forwardRoom,
    ),
    kernelOf(
      team,
      'CustosAttentionGrad',
      backwardTask,
      (shape) => [rows(shape), keyRows(shape), keyRows(shape)],
      backwardRoom,
    ),
  ];
}
