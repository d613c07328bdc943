import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HOST_KERNELS, type HostKernel } from '../../../domain/train/engine/index.js';
import { compileKernels, moduleText } from '../../../scripts/simd.mjs';
import { lcgValues } from '../../../test/fixtures/model/lcg.js';
import { createExecutor, soloTeam } from '../team/index.js';
import { simdKernels } from './simd-kernels.js';
import { webAssembly } from './web-assembly.js';

const memory = new webAssembly.Memory({ initial: 4, maximum: 65536, shared: true });
const vectorized = simdKernels(soloTeam(createExecutor(memory, undefined)));
const find = (kernels: readonly HostKernel[], name: string): HostKernel => {
  const kernel = kernels.find((one) => one.name === name);
  if (kernel === undefined) throw new Error(`no kernel ${name}`);
  return kernel;
};

interface Case {
  readonly name: string;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);
const visible = { scale: 0.3, queries: 7, offset: 2, keys: 9 };
const layout = { begin: 2, length: 3, heads: 2, position: 1 };
const gated = { gate: [3, 7], up: [3, 7], sigmoid: [3, 7] };
/** Widths that four does not divide, so that the rest of every loop counts. */
const CASES: readonly Case[] = [
  ...[visible, { ...visible, window: 3 }].flatMap((attributes): Case[] => [
    { name: 'CustosCausalSoftmax', shapes: { scores: [2, 14, 9] }, attributes },
    { name: 'CustosCausalSoftmaxGrad', shapes: { p: [2, 14, 9], dp: [2, 14, 9] }, attributes },
  ]),
  { name: 'CustosRmsNorm', shapes: { x: [5, 10], w: [10] }, attributes: { epsilon: 1e-5 } },
  {
    name: 'CustosRmsNormGrad',
    shapes: { x: [5, 10], w: [10], dy: [5, 10] },
    attributes: { epsilon: 1e-5 },
  },
  { name: 'CustosSwiglu', shapes: gated, attributes: {} },
  { name: 'CustosSilu', shapes: { gate: [3, 7], up: [3, 7] }, attributes: {} },
  { name: 'CustosSiluGrad', shapes: { gate: [3, 7], up: [3, 7], dy: [3, 7] }, attributes: {} },
  ...[12, 6].flatMap((headDim) =>
    [true, false].flatMap((rotate): Case[] => {
      const angles = { cos: [8, headDim / 2], sin: [8, headDim / 2] };
      const part = { ...layout, headDim, rotate };
      const whole = { ...part, begin: 0, length: 2, position: 0 };
      return [
        {
          name: 'CustosSplitHeads',
          shapes: { x: [5, 2 * headDim], ...angles },
          attributes: part,
        },
        {
          name: 'CustosMergeHeads',
          shapes: { p0: [2, 2, headDim], p1: [2, 3, headDim], ...angles },
          attributes: { layouts: [whole, part] },
        },
      ];
    }),
  ),
  ...['CustosCrossEntropy', 'CustosTokenLoss'].map((name): Case => {
    return {
      name,
      shapes: { logits: [3, 11] },
      attributes: { labels: Int32Array.of(10, 0, 4), weight: 0.25 },
    };
  }),
];

/** Runs a kernel on buffers that lie one after another in `buffer`, and returns its outputs. */
function run(kernel: HostKernel, { shapes, attributes }: Case, buffer: ArrayBuffer): number[][] {
  let end = 1024;
  const place = (shape: readonly number[]) => {
    const view = new Float32Array(buffer, end, size(shape));
    end += 4 * view.length;
    return view;
  };
  const inputs = Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => {
      const view = place(shape);
      view.set(lcgValues(view.length, 7 + i).map((x) => 20 * x));
      return [name, view];
    }),
  );
  const outputs = kernel.outputShapes(shapes, attributes).map((shape) => place(shape).fill(NaN));
  const scratch = place([kernel.scratch?.(shapes, attributes) ?? 0]);
  kernel.run(inputs, [...outputs, scratch], attributes);
  return outputs.map((output) => [...output]);
}

describe('the vectorized kernels', () => {
  it.each(CASES)('agree with the JavaScript kernel: $name $attributes', (one) => {
    const expected = run(find(HOST_KERNELS, one.name), one, new ArrayBuffer(1 << 16));
    const actual = run(find(vectorized, one.name), one, memory.buffer);
    expect(expected.flat().some((value) => value !== 0)).toBe(true);
    expected.flat().forEach((value, i) => {
      const off = Math.abs((actual.flat()[i] ?? NaN) - value) / Math.max(1, Math.abs(value));
      expect(off).toBeLessThan(1e-6);
    });
  });

  it('spread a value that is not a number instead of hiding it', () => {
    const kernel = find(vectorized, 'CustosTokenLoss');
    const logits = new Float32Array(memory.buffer, 1024, 11).fill(1);
    logits[9] = NaN;
    const losses = new Float32Array(memory.buffer, 2048, 1);
    const scratch = new Float32Array(memory.buffer, 2052, 1);
    kernel.run({ logits }, [losses, scratch], { labels: Int32Array.of(0) });
    expect(losses[0]).toBeNaN();
  });

  it('are what kernels.as compiles to, and bring no data into the shared memory', async () => {
    const binary = await compileKernels();
    const committed = readFileSync(new URL('kernels.wasm.ts', import.meta.url), 'utf8');
    expect(committed).toBe(moduleText(binary));
    const imports = webAssembly.Module.imports(new webAssembly.Module(binary));
    expect(imports).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
    expect(sectionsOf(binary)).not.toContain(DATA_SECTION);
  });
});

const DATA_SECTION = 11;

/** Section numbers of a WebAssembly binary (specification, 5.5.2). */
function sectionsOf(binary: Uint8Array): number[] {
  const sections: number[] = [];
  for (let at = 8; at < binary.length;) {
    sections.push(binary[at++] ?? 0);
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = binary[at++] ?? 0;
      length |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    at += length;
  }
  return sections;
}
