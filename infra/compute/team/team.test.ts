import { describe, expect, it } from 'vitest';
import { webAssembly } from '../simd/web-assembly.js';
import { lcgValues } from '../../../test/fixtures/model/lcg.js';
import { call, product, rowSlices, rowUnits, type Task } from './calls.js';
import { decodeTask, encodeTasks } from './program.js';
import { startTeam } from './index.js';

const memoryOf = () => new webAssembly.Memory({ initial: 16, maximum: 65536, shared: true });

describe('slices of rows', () => {
  it.each([1, 15, 31, 256, 257, 700, 1024, 2048])(
    'cover %i rows once, none of them alone',
    (rows) => {
      for (const slices of [rowUnits(rows), ...[1, 2, 3, 16].map((n) => rowSlices(rows, n))]) {
        let next = 0;
        for (const { begin, size } of slices) {
          expect(begin).toBe(next);
          expect(size > 1 || rows === 1).toBe(true);
          next += size;
        }
        expect(next).toBe(rows);
      }
    },
  );
});

describe('a program', () => {
  it('gives back the calls of every task, as many as fit', () => {
    const tasks: Task[] = [[[1, 2, 3], [4]], [[5, 6]], [[7, 8, 9]]];
    const program = new Float64Array(14);
    const count = encodeTasks(tasks, 0, program);
    expect(count).toBe(2);
    const read: number[][] = [];
    for (let task = 0; task < count; task++)
      decodeTask(program, task, (one) => read.push([...one]));
    expect(read).toEqual(tasks.slice(0, count).flat());
    expect(encodeTasks(tasks, count, program)).toBe(1);
    expect(() => encodeTasks([[new Array<number>(99).fill(0)]], 0, program)).toThrow(RangeError);
  });
});

describe('a team', () => {
  it.each([1, 2, 3])('of %i threads does every task once, list after list', async (threads) => {
    const memory = memoryOf();
    const team = await startTeam(memory, threads);
    const floats = new Float32Array(memory.buffer, 1024, 4000);
    for (let list = 1; list <= 50; list++) {
      const tasks = Array.from({ length: 40 }, (_, i): Task => {
        const at = 1024 + 400 * i;
        return [call('add', at, at, at, 0), call('scaleBy', at, 100, 2)];
      });
      floats.fill(1);
      team.run(tasks);
      expect(floats.every((value) => value === 2)).toBe(true);
    }
  });

  it('multiplies on memory that has grown since its helpers started', async () => {
    const memory = memoryOf();
    const team = await startTeam(memory, 2);
    memory.grow(64);
    const at = memory.buffer.byteLength - 4096;
    new Float32Array(memory.buffer, at, 64).set(lcgValues(64, 1));
    const square = { at, rows: 8, columns: 8 };
    const results = [1, 2, 3, 4, 5, 6].map((i) => ({ at: at + 256 * i, rows: 8, columns: 8 }));
    team.run(results.map((y) => [product(square, square, y)]));
    const values = results.map((y) => [...new Float32Array(memory.buffer, y.at, 64)]);
    expect(values[0]?.some((value) => value !== 0)).toBe(true);
    for (const one of values) expect(one).toEqual(values[0]);
  });

  it.each([1, 2])('of %i threads says what failed, and goes on afterwards', async (threads) => {
    const memory = memoryOf();
    const team = await startTeam(memory, threads);
    const [wide, high] = [
      { at: 1024, rows: 2, columns: 3 },
      { at: 2048, rows: 2, columns: 2 },
    ];
    const wrong: Task = [product(wide, wide, high)];
    expect(() => {
      team.run([wrong, wrong, wrong]);
    }).toThrow(/dimension/i);
    const right: Task = [product(high, high, { ...high, at: 4096 })];
    expect(() => {
      team.run([right, [call('scaleBy', 8192, 4, 1)]]);
    }).not.toThrow();
  });

  it('never starts with fewer threads than were asked for', async () => {
    await expect(startTeam(memoryOf(), 2, '/nonexistent/member.js')).rejects.toThrow();
  });
});
