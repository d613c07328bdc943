import { buffer, shapeOf, type HostKernel } from './host-kernel.js';

/** gate * sigmoid * up, elementwise, given sigmoid(gate). Source: Shazeer 2020 (arXiv 2002.05202). */
export const swigluKernel: HostKernel = {
  name: 'CustosSwiglu',
  outputShapes: (shapes) => [shapeOf(shapes, 'gate')],
  run: (inputs, [y]) => {
    const gate = buffer(inputs, 'gate');
    const up = buffer(inputs, 'up');
    const sigmoid = buffer(inputs, 'sigmoid');
    const out = y as Float32Array;
    for (let i = 0; i < out.length; i++) out[i] = gate[i]! * sigmoid[i]! * up[i]!;
  },
};

/** dL/dgate and dL/dup of swiglu. */
export const swigluGradKernel: HostKernel = {
  name: 'CustosSwigluGrad',
  outputShapes: (shapes) => [shapeOf(shapes, 'gate'), shapeOf(shapes, 'gate')],
  run: (inputs, [dGate, dUp]) => {
    const gate = buffer(inputs, 'gate');
    const up = buffer(inputs, 'up');
    const sigmoid = buffer(inputs, 'sigmoid');
    const dy = buffer(inputs, 'dy');
    const outGate = dGate as Float32Array;
    const outUp = dUp as Float32Array;
    for (let i = 0; i < outUp.length; i++) {
      const g = gate[i]!;
      const s = sigmoid[i]!;
      const slope = dy[i]! * s;
      outUp[i] = slope * g;
      outGate[i] = slope * up[i]! * (1 + g * (1 - s));
    }
  },
};
