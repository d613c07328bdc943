import { createHmac } from 'node:crypto';

/** Numbers that depend on a key and a value, and tell nothing of either without the other. */
export interface KeyedDraw {
  /** A whole number from 0 to `limit` - 1; `limit` at most 2^16, so that the bias is below 2^-16. */
  below(limit: number): number;
  /** One of the items. */
  pick<T>(items: ArrayLike<T>): T;
}

const WORD_BYTES = 4;

/**
 * HMAC-SHA256 of purpose, value and a counter, read four bytes at a time (SP 800-108, counter mode
 * with HMAC as the function).
 */
export function keyedDraw(key: Uint8Array, purpose: string, value: string): KeyedDraw {
  let block = Buffer.alloc(0);
  let at = 0;
  let counter = 0;
  const next = (): number => {
    if (at + WORD_BYTES > block.length) {
      const input = [purpose, String(counter++), value].join('\0');
      block = createHmac('sha256', key).update(input).digest();
      at = 0;
    }
    at += WORD_BYTES;
    return block.readUInt32BE(at - WORD_BYTES);
  };
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit);
  return { below, pick: (items) => items[below(items.length)] as never };
}
