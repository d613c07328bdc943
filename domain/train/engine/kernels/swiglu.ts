import { exponential } from './exponential.js';
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

const sigmoidOf = (x: number): number => 1 / (1 + exponential(-x));

/** gate * sigmoid(gate) * up: swiglu with silu, which keeps no sigmoid. */
export const siluKernel: HostKernel = {
  name: 'CustosSilu',
  outputShapes: (shapes) => [shapeOf(shapes, 'gate')],
  run: (inputs, [y]) => {
    const gate = buffer(inputs, 'gate');
    const up = buffer(inputs, 'up');
    const out = y as Float32Array;
    for (let i = 0; i < out.length; i++) out[i] = gate[i]! * sigmoidOf(gate[i]!) * up[i]!;
  },
};

/** dL/dgate and dL/dup of silu. */
export const siluGradKernel: HostKernel = {
  name: 'CustosSiluGrad',
  outputShapes: (shapes) => [shapeOf(shapes, 'gate'), shapeOf(shapes, 'gate')],
  run: (inputs, [dGate, dUp]) => {
    const gate = buffer(inputs, 'gate');
    const up = buffer(inputs, 'up');
    const dy = buffer(inputs, 'dy');
    const outGate = dGate as Float32Array;
    const outUp = dUp as Float32Array;
    for (let i = 0; i < outUp.length; i++) {
      const g = gate[i]!;
      const s = sigmoidOf(g);
      const slope = dy[i]! * s;
      outUp[i] = slope * g;
      outGate[i] = slope * up[i]! * (1 + g * (1 - s));
    }
  },
};
