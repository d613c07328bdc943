import { describe, expect, it } from 'vitest';
import { attentionKernels } from './attention-kernels.js';
import type { Task } from './team/calls.js';

/** A long conversation beside `count` short ones of `length` tokens. */
function skewed(count: number, length: number) {
  const short = Array.from({ length: count }, (_, i) => ({ begin: 1024 + i * length, length }));
  const segments = [{ begin: 0, length: 1024 }, ...short];
  return { heads: 32, kvHeads: 32, headDim: 64, rotate: true, scale: 1, segments };
}

describe("the room of attention's tasks", () => {
  it.each([
    [51, 20],
    [128, 8],
  ])('is made by the length of each, not the longest: 1024 beside %i of %i', (count, length) => {
    const kernels = attentionKernels({ threads: 1, run: () => undefined });
    const [forward, backward] = kernels.map(
      (kernel) => (4 * (kernel.scratch?.({}, skewed(count, length)) ?? 0)) / 2 ** 20,
    );
    expect(forward).toBeLessThan(24);
    expect(backward).toBeLessThan(80);
  });

  it('is of no two tasks, and none reaches behind it', () => {
    const lists: (readonly Task[])[] = [];
    const kernels = attentionKernels({ threads: 1, run: (tasks) => lists.push(tasks) });
    const attributes = skewed(3, 21);
    const sizes = kernels.map((kernel) => 4 * (kernel.scratch?.({}, attributes) ?? 0));
    const begin = 2 ** 31;
    for (const kernel of kernels) {
      const outputs = kernel.outputShapes({}, attributes).map(() => new Float32Array(1));
      const room = { byteOffset: begin } as Float32Array;
      kernel.run({}, [...outputs, room], attributes);
    }
    lists.forEach((tasks, i) => {
      let last = begin;
      for (const task of tasks) {
        const own = ranges(task).filter(([at]) => at >= begin);
        expect(Math.min(...own.map(([at]) => at))).toBeGreaterThanOrEqual(last);
        last = Math.max(...own.map(([at, floats]) => at + 4 * floats));
      }
      expect(last).toBeLessThanOrEqual(begin + (sizes[i] ?? 0));
    });
  });
});

/** Where the matrices lie that a task's products read and write, with their floats. */
function ranges(task: Task): (readonly [at: number, floats: number])[] {
  const products = task.filter(([operation]) => operation === 0);
  return products.flatMap((numbers) =>
    [2, 5, 8].map((i) => [numbers[i] ?? 0, (numbers[i + 1] ?? 0) * (numbers[i + 2] ?? 0)] as const),
  );
}
