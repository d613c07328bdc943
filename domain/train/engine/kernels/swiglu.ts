import { buffer, shapeOf, type HostKernel } from './host-kernel.js';

/** silu(gate) * up, elementwise. Source: Shazeer 2020 (arXiv 2002.05202). */
export const swigluKernel: HostKernel = {
  name: 'CustosSwiglu',
  outputShapes: (shapes) => [shapeOf(shapes, 'gate')],
  run: (inputs, [y]) => {
    const gate = buffer(inputs, 'gate');
    const up = buffer(inputs, 'up');
    const out = y as Float32Array;
    for (let i = 0; i < out.length; i++) {
      const g = gate[i]!;
      out[i] = (g / (1 + Math.exp(-g))) * up[i]!;
    }
  },
};

/** dL/dgate and dL/dup of swiglu. */
export const swigluGradKernel: HostKernel = {
  name: 'CustosSwigluGrad',
  outputShapes: (shapes) => [shapeOf(shapes, 'gate'), shapeOf(shapes, 'gate')],
  run: (inputs, [dGate, dUp]) => {
    const gate = buffer(inputs, 'gate');
    const up = buffer(inputs, 'up');
    const dy = buffer(inputs, 'dy');
    const outGate = dGate as Float32Array;
    const outUp = dUp as Float32Array;
    for (let i = 0; i < outUp.length; i++) {
      const g = gate[i]!;
      const sigmoid = 1 / (1 + Math.exp(-g));
      outUp[i] = dy[i]! * g * sigmoid;
      outGate[i] = dy[i]! * up[i]! * sigmoid * (1 + g * (1 - sigmoid));
    }
  },
};
