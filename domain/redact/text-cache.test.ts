import { describe, expect, it } from 'vitest';
import { textCache } from './text-cache.js';

const text = (name: string) => `${name} is a text that is long enough to be kept`;

describe('a cache of texts', () => {
  it('keeps what was used last, and no more', () => {
    const cache = textCache<number>(2);
    cache.entry(text('a')).keep([1]);
    cache.entry(text('b')).keep([2]);
    expect(cache.entry(text('a')).results).toEqual([1]);
    cache.entry(text('c')).keep([3]);
    expect(cache.entry(text('b')).results).toBeUndefined();
    expect(cache.entry(text('a')).results).toEqual([1]);
    expect(cache.entry(text('c')).results).toEqual([3]);
  });

  it('tells texts apart that UTF-8 does not: lone surrogates', () => {
    const cache = textCache<number>(2);
    cache.entry(text('\ud800')).keep([1]);
    expect(cache.entry(text('\udfff')).results).toBeUndefined();
    expect(cache.entry(text('\ud800')).results).toEqual([1]);
  });

  it('keeps neither short texts nor long lists', () => {
    const cache = textCache<number>(2);
    cache.entry('short').keep([1]);
    cache.entry(text('a')).keep(Array.from({ length: 33 }, (_, at) => at));
    expect(cache.entry('short').results).toBeUndefined();
    expect(cache.entry(text('a')).results).toBeUndefined();
  });
});
