import { describe, expect, it } from 'vitest';
import { textCache } from './text-cache.js';

const text = (name: string) => `${name} is a text that is long enough to be kept`;

describe('a cache of texts', () => {
  it('keeps what was used last, and no more', () => {
    const cache = textCache<number>(2);
    cache.set(text('a'), [1]);
    cache.set(text('b'), [2]);
    expect(cache.get(text('a'))).toEqual([1]);
    cache.set(text('c'), [3]);
    expect(cache.get(text('b'))).toBeUndefined();
    expect(cache.get(text('a'))).toEqual([1]);
    expect(cache.get(text('c'))).toEqual([3]);
  });

  it('tells texts apart that UTF-8 does not: lone surrogates', () => {
    const cache = textCache<number>(2);
    cache.set(text('\ud800'), [1]);
    expect(cache.get(text('\udfff'))).toBeUndefined();
    expect(cache.get(text('\ud800'))).toEqual([1]);
  });

  it('keeps neither short texts nor long lists', () => {
    const cache = textCache<number>(2);
    cache.set('short', [1]);
    cache.set(
      text('a'),
      Array.from({ length: 33 }, (_, at) => at),
    );
    expect(cache.get('short')).toBeUndefined();
    expect(cache.get(text('a'))).toBeUndefined();
  });
});
