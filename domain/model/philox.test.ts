import { describe, expect, it } from 'vitest';
import { philoxBlock, randomStream } from './philox.js';

// Random123 1.14 tests/kat_vectors, philox4x32 10 rounds: counter, key, expected.
const vectors = [
  [
    '00000000 00000000 00000000 00000000',
    '00000000 00000000',
    '6627e8d5 e169c58d bc57ac4c 9b00dbd8',
  ],
  [
    'ffffffff ffffffff ffffffff ffffffff',
    'ffffffff ffffffff',
    '408f276d 41c83b0e a20bc7c6 6d5451fd',
  ],
  [
    '243f6a88 85a308d3 13198a2e 03707344',
    'a4093822 299f31d0',
    'd16cfe09 94fdcceb 5001e420 24126ea1',
  ],
] as const;
const words = (text: string) => text.split(' ').map((word) => Number.parseInt(word, 16));

describe('philoxBlock', () => {
  it.each(vectors)('gives the published block for counter %s', (counter, key, expected) => {
    const out = new Uint32Array(4);
    philoxBlock(
      words(key) as [number, number],
      words(counter) as [number, number, number, number],
      out,
    );
    expect([...out]).toEqual(words(expected));
  });
});

describe('randomStream', () => {
  const take = (layer: number, step = 1, seed = 42) => {
    const stream = randomStream({ seed, purpose: 'dropout', step, layer });
    return Array.from({ length: 9 }, () => stream.nextWord());
  };

  it('is a function of its key alone', () => {
    expect(take(3)).toEqual(take(3));
  });

  it.each([
    ['layer', take(4)],
    ['step', take(3, 2)],
    ['seed', take(3, 1, 43)],
    ['high seed bits', take(3, 1, 42 + 2 ** 32)],
  ])('changes with the %s', (_, other) => {
    expect(other).not.toEqual(take(3));
  });

  it('draws uniforms in [0, 1) with the right mean', () => {
    const stream = randomStream({ seed: 7, purpose: 'sample', step: 0, layer: 0 });
    const draws = Array.from({ length: 20_000 }, () => stream.nextUniform());
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
    expect(draws.reduce((a, b) => a + b) / draws.length).toBeCloseTo(0.5, 2);
  });
});
