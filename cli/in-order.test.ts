import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inOrder } from './in-order.js';

describe('inOrder', () => {
  it('keeps the order and asks for no more than it may have under way', async () => {
    let [asked, taken, most] = [0, 0, 0];
    async function* source() {
      for (let at = 0; at < 30; at += 1) {
        asked += 1;
        yield await Promise.resolve(at);
      }
    }
    const results: number[] = [];
    for await (const result of inOrder(source(), 4, async (at) => (await wait((at * 7) % 5), at))) {
      taken += 1;
      most = Math.max(most, asked - taken);
      results.push(result);
      await wait(1);
    }
    expect(results).toEqual(Array.from({ length: 30 }, (_, at) => at));
    expect(most).toBeLessThanOrEqual(4);
  });

  it('ends with the first failure in order', async () => {
    async function* source() {
      yield* await Promise.resolve([0, 1, 2]);
    }
    const work = (at: number) =>
      at === 1 ? Promise.reject(new Error('one')) : Promise.resolve(at);
    const results: number[] = [];
    const all = async () => {
      for await (const result of inOrder(source(), 3, work)) results.push(result);
    };
    await expect(all()).rejects.toThrow('one');
    expect(results).toEqual([0]);
  });
});
