import { expect, it } from 'vitest';
import { keepNewest } from './keep-newest.js';

/** Saves that end when the test says so. */
function slowSaves() {
  const begun: number[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const keep = keepNewest<number>((value) => {
    begun.push(value);
    return new Promise((resolve, reject) => {
      ends.push((error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
  });
  const end = async (error?: Error) => {
    ends.shift()?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, keep, end };
}

it('saves what came first at once, and of what comes meanwhile the newest', async () => {
  const { begun, keep, end } = slowSaves();
  const kept: number[] = [];
  for (const value of [1, 2, 3]) void keep(value).then(() => kept.push(value));
  await end();
  expect(begun).toEqual([3]);
  const later = [keep(4), keep(5)];
  await end();
  expect(kept).toEqual([1, 2, 3]);
  expect(begun).toEqual([3, 5]);
  await end();
  await Promise.all(later);
});

it('tells a failure to those who waited for that save, and goes on', async () => {
  const { begun, keep, end } = slowSaves();
  const failed = keep(1);
  await end();
  const after = keep(2);
  const outcome = expect(failed).rejects.toThrow('no store');
  await end(new Error('no store'));
  await outcome;
  await end();
  await after;
  expect(begun).toEqual([1, 2]);
});
