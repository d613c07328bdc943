import { describe, expect, it, vi } from 'vitest';
import { keepRecent } from './recent.js';

describe('what was made last', () => {
  it('is made once, until as many others were used since', () => {
    const recent = keepRecent<string>(2);
    const make = vi.fn((key: string) => `made ${key}`);
    const of = (key: string) => recent.of(key, () => make(key));
    expect([of('a'), of('b'), of('a'), of('c'), of('a')]).toEqual(
      ['a', 'b', 'a', 'c', 'a'].map((key) => `made ${key}`),
    );
    expect(make).toHaveBeenCalledTimes(3);
    of('b');
    expect(make).toHaveBeenCalledTimes(4);
  });

  it('is made again when it was forgotten, or could not be made', () => {
    const recent = keepRecent<number>(2);
    const failing = () => {
      throw new Error('not now');
    };
    expect(() => recent.of('a', failing)).toThrow('not now');
    expect(recent.of('a', () => 1)).toBe(1);
    recent.forget('a');
    expect(recent.of('a', () => 2)).toBe(2);
  });
});
