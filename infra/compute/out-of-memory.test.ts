import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { outOfMemory } from './out-of-memory.js';

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('running out of memory', () => {
  it.each<[string, () => unknown]>([
    ['an array beyond what there is', () => new ArrayBuffer(2 ** 52)],
    ['a typed array beyond what there is', () => new Float32Array(2 ** 50)],
    [
      'memory of WebAssembly that was not to be had',
      () => runInThisContext('new WebAssembly.Memory({ initial: 1 }).grow(65_536)') as unknown,
    ],
  ])('is told from other errors: %s', (_, work) => {
    const error = thrownBy(work);
    expect(error).toBeInstanceOf(RangeError);
    expect(outOfMemory(error)).toMatchObject({ code: 'OUT_OF_MEMORY' });
  });

  it.each<[string, unknown]>([
    ['a wrong index', new RangeError('the offset is out of range')],
    ['the words of a record', new TypeError('out of memory')],
    ['nothing', undefined],
  ])('is not %s', (_, error) => {
    expect(outOfMemory(error)).toBeUndefined();
  });
});
