import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { holding, inLanes, loadAhead, openBacklog, readingAhead } from './lanes.js';

/** Work that ends out of order, and how much of it was under way at most. */
function watched() {
  let [running, most] = [0, 0];
  return {
    most: () => most,
    run: async (value: number): Promise<number> => {
      running += 1;
      most = Math.max(most, running);
      await sleep(value % 2 === 0 ? 4 : 1);
      running -= 1;
      return value * 10;
    },
  };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('inLanes', () => {
  it.each([1, 3, 16])('keeps the order of the items in %i lanes', async (lanes) => {
    const { most, run } = watched();
    expect(await inLanes(lanes, numbers(9), run)).toEqual(numbers(9).map((n) => n * 10));
    expect(most()).toBe(Math.min(lanes, 9));
  });

  it('begins nothing after a failure and ends what was begun before it throws', async () => {
    const [begun, ended]: number[][] = [[], []];
    const work = async (at: number): Promise<void> => {
      begun?.push(at);
      await sleep(at === 0 ? 1 : 10);
      if (at === 0) throw new Error('first');
      ended?.push(at);
    };
    await expect(inLanes(2, numbers(9), work)).rejects.toThrow('first');
    expect(begun).toEqual([0, 1]);
    expect(ended).toEqual([1]);
  });
});

describe('openBacklog', () => {
  it('gives the results in the order in which they were added, so many at once', async () => {
    const { most, run } = watched();
    const backlog = openBacklog<number>(3);
    for (const at of numbers(8)) await backlog.add(() => run(at));
    expect(await backlog.finish()).toEqual(numbers(8).map((n) => n * 10));
    expect(most()).toBe(3);
  });

  it('throws what failed at the next turn and at the end', async () => {
    const backlog = openBacklog<number>(1);
    await backlog.add(() => Promise.reject(new Error('full')));
    await expect(backlog.add(() => Promise.resolve(1))).rejects.toThrow('full');
    await expect(backlog.finish()).rejects.toThrow('full');
  });
});

describe('loadAhead', () => {
  it('gives every item in order and begins no more than it may', async () => {
    const { most, run } = watched();
    const seen: number[] = [];
    for await (const value of loadAhead(7, 3, run)) seen.push(value);
    expect(seen).toEqual(numbers(7).map((n) => n * 10));
    expect(most()).toBe(3);
  });

  it('throws in the turn of the item that failed', async () => {
    const load = (at: number) =>
      at === 2 ? Promise.reject(new Error('gone')) : Promise.resolve(at);
    const seen: number[] = [];
    const all = async () => {
      for await (const value of loadAhead(5, 4, load)) seen.push(value);
    };
    await expect(all()).rejects.toThrow('gone');
    expect(seen).toEqual([0, 1]);
  });
});

describe('readingAhead', () => {
  it('begins the next ones for a reader in order, and nothing for one who jumps', async () => {
    const loaded: number[] = [];
    const read = readingAhead(100, 2, (at) => {
      loaded.push(at);
      return Promise.resolve(at);
    });
    expect(await read(0)).toBe(0);
    expect(await read(1)).toBe(1);
    expect(loaded).toEqual([0, 1, 2, 3]);
    expect(await read(50)).toBe(50);
    expect(await read(7)).toBe(7);
    expect(loaded).toEqual([0, 1, 2, 3, 50, 7]);
    expect(await read(8)).toBe(8);
    expect(loaded.slice(6)).toEqual([8, 9, 10]);
  });

  it('reads nothing behind the last', async () => {
    const loaded: number[] = [];
    const read = readingAhead(2, 5, (at) => Promise.resolve(loaded.push(at)));
    await read(0);
    await read(1);
    expect(loaded).toEqual([0, 1]);
  });
});

describe('holding', () => {
  it('asks once for what fits, in order of coming, and again for what does not', async () => {
    const asked: number[] = [];
    const read = holding(25, (index) => {
      asked.push(index);
      return Promise.resolve(new Uint8Array(10).fill(index));
    });
    for (let pass = 0; pass < 2; pass++) {
      for (const index of numbers(4)) expect((await read(index))[9]).toBe(index);
    }
    expect(asked).toEqual([0, 1, 2, 3, 2, 3]);
  });
});
