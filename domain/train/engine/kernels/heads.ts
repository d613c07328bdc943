import { buffer, shapeOf, type HostKernel } from './host-kernel.js';

/** Rows [begin, begin + length) of a packed batch, at positions from `position`. */
export interface HeadLayout {
  readonly begin: number;
  readonly length: number;
  readonly heads: number;
  readonly headDim: number;
  readonly position: number;
  readonly rotate: boolean;
}

/**
 * Copies rows [length, heads * headDim] to or from [heads, length, headDim], rotating each head by
 * its position (halves, not interleaved) with `sign` +1, or back with -1.
 */
function moveHeads(
  rows: Float32Array,
  parts: Float32Array,
  cos: Float32Array,
  sin: Float32Array,
  layout: HeadLayout,
  toParts: boolean,
): void {
  const { begin, length, heads, headDim, position, rotate } = layout;
  const half = headDim / 2;
  const from = toParts ? rows : parts;
  const to = toParts ? parts : rows;
  for (let h = 0; h < heads; h++) {
    for (let s = 0; s < length; s++) {
      const row = (begin + s) * heads * headDim + h * headDim;
      const part = (h * length + s) * headDim;
      const source = toParts ? row : part;
      const target = toParts ? part : row;
      const angle = (position + s) * half;
      for (let i = 0; i < half; i++) {
        const c = rotate ? cos[angle + i]! : 1;
        const d = rotate ? (toParts ? sin[angle + i]! : -sin[angle + i]!) : 0;
        const x1 = from[source + i]!;
        const x2 = from[source + half + i]!;
        to[target + i] = x1 * c - x2 * d;
        to[target + half + i] = x2 * c + x1 * d;
      }
    }
  }
}

/** x [T, heads * headDim] -> [heads, length, headDim] of one segment, rotated when asked. */
export const splitHeadsKernel: HostKernel = {
  name: 'CustosSplitHeads',
  outputShapes: (_, attributes) => {
    const { heads, length, headDim } = attributes as unknown as HeadLayout;
    return [[heads, length, headDim]];
  },
  run: (inputs, [parts], attributes) => {
    const layout = attributes as unknown as HeadLayout;
    const { cos, sin } = { cos: buffer(inputs, 'cos'), sin: buffer(inputs, 'sin') };
    moveHeads(buffer(inputs, 'x'), parts as Float32Array, cos, sin, layout, true);
  },
};

/** Segments' parts p0, p1, … [heads, length, headDim] -> rows [T, heads * headDim], rotated back. */
export const mergeHeadsKernel: HostKernel = {
  name: 'CustosMergeHeads',
  outputShapes: (shapes, { layouts }) => {
    const list = layouts as readonly HeadLayout[];
    const rows = list.reduce((sum, { length }) => sum + length, 0);
    const [heads = 0, , headDim = 0] = shapeOf(shapes, 'p0');
    return [[rows, heads * headDim]];
  },
  run: (inputs, [rows], { layouts }) => {
    const { cos, sin } = { cos: buffer(inputs, 'cos'), sin: buffer(inputs, 'sin') };
    (layouts as readonly HeadLayout[]).forEach((layout, index) => {
      const part = buffer(inputs, `p${String(index)}`);
      moveHeads(rows as Float32Array, part, cos, sin, layout, false);
    });
  },
};
