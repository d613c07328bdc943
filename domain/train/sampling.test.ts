import { describe, expect, it } from 'vitest';
import { sampleToken } from './sampling.js';

const random = (value: number) => ({ nextWord: () => 0, nextUniform: () => value });
const nothing: ReadonlySet<number> = new Set();

describe('sampleToken', () => {
  const logits = Float32Array.of(0, 3, 1, 2.9);

  it.each([
    [0, 1, 0.999, 1],
    [1, 0.4, 0.999, 1],
    [1, 0.9, 0.999, 3],
    [1, 1, 0.999, 0],
    [1, 1, 0, 1],
  ])('at temperature %d, top-p %d and draw %d takes token %d', (temperature, topP, draw, token) => {
    expect(sampleToken(logits, { temperature, topP }, nothing, random(draw))).toBe(token);
  });

  it.each([
    [1, [0, 3, 1, 2.9], 1],
    [2, [0, 3, 1, 2.9], 3],
    [3, [0, 3, 1, 2.9], 2],
    [9, [0, 3, 1, 2.9], 0],
    // As transformers does, what ties with the last one kept is kept.
    [2, [1, 3, 1, 1], 3],
  ])('of the %d likeliest of %j takes at most token %d', (topK, values, token) => {
    const settings = { temperature: 1, topP: 1, topK };
    expect(sampleToken(Float32Array.from(values), settings, nothing, random(0.999_999))).toBe(
      token,
    );
  });

  it.each([
    ['divides a positive logit', [2, 3], [1], 2, 0],
    ['multiplies a negative one', [-3, -2], [1], 2, 0],
    ['leaves what did not occur', [2, 3], [0], 2, 1],
    ['is nothing at 1', [2, 3], [1], 1, 1],
    ['knows no token beyond the vocabulary', [2, 3], [7], 2, 1],
  ])('the repetition penalty %s', (_, values, said, repetitionPenalty, token) => {
    const settings = { temperature: 0, topP: 1, repetitionPenalty };
    const logitsHere = Float32Array.from(values);
    expect(sampleToken(logitsHere, settings, new Set(said), random(0))).toBe(token);
    expect([...logitsHere]).toEqual(values);
  });

  it('draws by probability', () => {
    const counts = [0, 0];
    for (let i = 0; i < 1000; i++) {
      const two = Float32Array.of(Math.log(0.25), Math.log(0.75));
      const token = sampleToken(two, { temperature: 1, topP: 1 }, nothing, random(i / 1000));
      counts[token] = (counts[token] ?? 0) + 1;
    }
    expect(Math.abs((counts[1] ?? 0) - 750)).toBeLessThan(2);
  });
});
