import { buffer, shapeOf, type HostKernel } from './host-kernel.js';

/** Rows of x [N, D] by index (attribute `rows`, Int32Array): [rows, D]. */
export const gatherRowsKernel: HostKernel = {
  name: 'CustosGatherRows',
  outputShapes: (shapes, { rows }) => [[(rows as Int32Array).length, shapeOf(shapes, 'x')[1] ?? 0]],
  run: (inputs, [out], { rows, shapes }) => {
    const x = buffer(inputs, 'x');
    const width = shapeOf(shapes as Record<string, number[]>, 'x')[1] ?? 0;
    (rows as Int32Array).forEach((row, i) => {
      out?.set(x.subarray(row * width, (row + 1) * width), i * width);
    });
  },
};

/** The rows of x laid into zeros [count, D] at distinct indices: the gradient of gathering them. */
export const scatterRowsKernel: HostKernel = {
  name: 'CustosScatterRows',
  outputShapes: (shapes, { count }) => [[count as number, shapeOf(shapes, 'x')[1] ?? 0]],
  run: (inputs, [out], { rows, shapes }) => {
    const x = buffer(inputs, 'x');
    const width = shapeOf(shapes as Record<string, number[]>, 'x')[1] ?? 0;
    out?.fill(0);
    (rows as Int32Array).forEach((row, i) => {
      out?.set(x.subarray(i * width, (i + 1) * width), row * width);
    });
  },
};
