import { buffer, shapeOf, type HostKernel } from './host-kernel.js';

/** y = w * x / sqrt(mean(x²) + epsilon), by rows of [T, D]. Source: Zhang & Sennrich 2019. */
export const rmsNormKernel: HostKernel = {
  name: 'CustosRmsNorm',
  outputShapes: (shapes) => [shapeOf(shapes, 'x')],
  run: (inputs, [y], { epsilon }) => {
    const x = buffer(inputs, 'x');
    const w = buffer(inputs, 'w');
    const width = w.length;
    const out = y as Float32Array;
    for (let row = 0; row < x.length; row += width) {
      let squares = 0;
      for (let i = 0; i < width; i++) squares += x[row + i]! * x[row + i]!;
      const inverse = 1 / Math.sqrt(squares / width + (epsilon as number));
      for (let i = 0; i < width; i++) out[row + i] = w[i]! * x[row + i]! * inverse;
    }
  },
};

/** dL/dx of rmsNorm; the weight is frozen. */
export const rmsNormGradKernel: HostKernel = {
  name: 'CustosRmsNormGrad',
  outputShapes: (shapes) => [shapeOf(shapes, 'x')],
  run: (inputs, [dx], { epsilon }) => {
    const x = buffer(inputs, 'x');
    const w = buffer(inputs, 'w');
    const dy = buffer(inputs, 'dy');
    const width = w.length;
    const out = dx as Float32Array;
    for (let row = 0; row < x.length; row += width) {
      let squares = 0;
      let dot = 0;
      for (let i = 0; i < width; i++) {
        const value = x[row + i]!;
        squares += value * value;
        dot += value * w[i]! * dy[row + i]!;
      }
      const inverse = 1 / Math.sqrt(squares / width + (epsilon as number));
      const pull = (dot * inverse * inverse) / width;
      for (let i = 0; i < width; i++) {
        out[row + i] = inverse * (w[i]! * dy[row + i]! - x[row + i]! * pull);
      }
    }
  },
};
