import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { webAssembly } from '../simd/web-assembly.js';
import { lcgValues } from '../../../test/fixtures/model/lcg.js';
import { call, product, rowSlices, rowUnits, type Task } from './calls.js';
import { createBoard, publish, untilDone } from './board.js';
import { decodeTask, encodeTasks, MOST_TASKS } from './program.js';
import { startTeam } from './index.js';

const memoryOf = () => new webAssembly.Memory({ initial: 16, maximum: 65536, shared: true });

describe('slices of rows', () => {
  it.each([1, 15, 31, 256, 257, 273, 700, 1024, 2048, 4401])(
    'cover %i rows once, none of them nearly alone',
    (rows) => {
      const cut = [1, 2, 3, 16, 17, 64].map((threads) => rowSlices(rows, threads, 8));
      for (const slices of [rowUnits(rows), ...cut]) {
        let next = 0;
        for (const { begin, size } of slices) {
          expect(begin).toBe(next);
          expect(size).toBeGreaterThanOrEqual(Math.min(rows, 16));
          next += size;
        }
        expect(next).toBe(rows);
        if (slices.length === rowUnits(rows).length) expect(slices).toEqual(rowUnits(rows));
      }
    },
  );

  it('do not depend on the threads where a product has one column', () => {
    for (const threads of [1, 2, 3, 17]) expect(rowSlices(700, threads, 1)).toEqual(rowUnits(700));
  });
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

  it('says what failed in an earlier part of a list that the program cannot hold', async () => {
    const team = await startTeam(memoryOf(), 2);
    const wide = { at: 1024, rows: 2, columns: 3 };
    const right: Task = [call('scaleBy', 8192, 4, 1)];
    const tasks: Task[] = [[product(wide, wide, wide)], ...Array<Task>(MOST_TASKS).fill(right)];
    expect(() => {
      team.run(tasks);
    }).toThrow(/dimension/i);
    expect(() => {
      team.run([]);
    }).not.toThrow();
  });

  it('multiplies with the same bits however many threads do one product', async () => {
    const memory = memoryOf();
    memory.grow(512);
    const [least, columns] = [512 * 2048, 2048];
    new Float32Array(memory.buffer, 1024, 2 * least).set(lcgValues(2 * least, 1));
    const teams = await Promise.all([1, 4, 12].map((threads) => startTeam(memory, threads)));
    const y = 1024 + 8 * least;
    for (const rows of [1, 2, 20, 40, 250])
      for (const width of [1, 8, 16, 33, 100, 192, 400]) {
        const a = { at: 1024, rows, columns };
        const b = { at: 1024 + 4 * least, rows: columns, columns: width };
        const [one, ...others] = teams.map((team) => {
          team.run([[product(a, b, { at: y, rows, columns: width })]]);
          return new Float32Array(memory.buffer, y, rows * width).slice();
        });
        for (const other of others) expect(other, String([rows, width])).toEqual(one);
      }
  });

  it('does not go on without a helper that has ended', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'custos-team-'));
    const entry = join(folder, 'ends.mjs');
    await writeFile(entry, `import w from 'node:worker_threads'; w.parentPort.postMessage(1);`);
    const team = await startTeam(memoryOf(), 2, entry);
    const task: Task = [call('scaleBy', 8192, 4, 1)];
    await expect
      .poll(() => {
        try {
          team.run([task, task]);
          return undefined;
        } catch (error) {
          return String(error);
        }
      })
      .toMatch(/no answer/);
    await rm(folder, { recursive: true });
  });

  it('gives up a helper that took a task and makes no more calls', () => {
    const board = createBoard();
    publish(board, 1);
    expect(() => {
      untilDone(board, 1, 1);
    }).toThrow(/no answer/);
  });

  it('never starts with fewer threads than were asked for', async () => {
    await expect(startTeam(memoryOf(), 2, '/nonexistent/member.js')).rejects.toThrow();
  });
});
