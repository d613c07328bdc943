import { describe, expect, it } from 'vitest';
import { searchAll } from './search-all.js';

describe('searching all of a text', () => {
  it.each([
    [/\d+/g, 'a1b22c333'],
    [/(?<letter>[a-z])x?/giu, 'aXb'],
    [/x*/g, 'axxb'],
    [/x*/gu, 'x😀x'],
    [/y/g, 'x'],
  ])('finds with %s in %s what matchAll does', (regex, text) => {
    const found: (readonly [number, string])[] = [];
    searchAll(regex, text, ({ index, 0: match }) => found.push([index, match]));
    expect(found).toEqual([...text.matchAll(regex)].map(({ index, 0: match }) => [index, match]));
  });

  it('begins anew each time', () => {
    const regex = /a/g;
    const count = (): number => {
      let found = 0;
      searchAll(regex, 'aa', () => (found += 1));
      return found;
    };
    expect([count(), count()]).toEqual([2, 2]);
  });
});
