import type { HostKernel } from './host-kernel.js';

/** A tensor that the host writes in place, e.g. dequantized weights: no copy to the backend. */
export const fillKernel: HostKernel = {
  name: 'CustosFill',
  outputShapes: (_, { shape }) => [shape as readonly number[]],
  run: (_, [out], { fill }) => {
    (fill as (out: Float32Array) => void)(out as Float32Array);
  },
};
