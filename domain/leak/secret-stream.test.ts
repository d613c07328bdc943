import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawWithoutReplacement, secretStream } from './secret-stream.js';

const secret = new Uint8Array(32).fill(7);

describe('secretStream', () => {
  it('is the same for the same secret and purpose, whatever the size of the reads', () => {
    const whole = secretStream(secret, 'coins').nextBytes(10_000);
    const stream = secretStream(secret, 'coins');
    const parts = [1, 4095, 5000, 904].flatMap((count) => [...stream.nextBytes(count)]);
    expect(parts).toEqual([...whole]);
  });

  it('differs by purpose and by secret', () => {
    const bytes = (key: Uint8Array, purpose: string) =>
      Buffer.from(secretStream(key, purpose).nextBytes(16)).toString('hex');
    const other = new Uint8Array(32).fill(8);
    const all = [bytes(secret, 'a'), bytes(secret, 'b'), bytes(other, 'a')];
    expect(new Set(all).size).toBe(3);
  });

  it('draws evenly', () => {
    const stream = secretStream(secret, 'even');
    const counts = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 20_000; draw++) {
      const value = stream.nextBelow(10);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    // 9 degrees of freedom: 33.7 has probability 1e-4; the stream is fixed, so this never flickers.
    expect(chiSquare).toBeLessThan(33.7);
  });

  it('draws without replacement', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer()), fc.nat(40), (items, count) => {
        const drawn = drawWithoutReplacement(secretStream(secret, 'draw'), items, count);
        expect(drawn).toHaveLength(Math.min(count, items.length));
        expect(new Set(drawn).size).toBe(drawn.length);
        expect(drawn.every((item) => items.includes(item))).toBe(true);
      }),
    );
  });

  it('refuses a secret that is not 32 bytes and a range that is none', () => {
    expect(() => secretStream(new Uint8Array(31), 'x')).toThrow('32 bytes');
    expect(() => secretStream(secret, 'x').nextBelow(0)).toThrow('cannot draw');
  });
});
