import { createCipheriv, createHmac, type Cipher } from 'node:crypto';
import { LeakError } from './errors.js';

/** Secret randomness, expanded from 32 drawn bytes. Equal secret and purpose: equal stream. */
export interface SecretStream {
  nextBytes(count: number): Uint8Array;
  /** Uniform in [0, limit), without modulo bias; limit at most 2^32. */
  nextBelow(limit: number): number;
  /** A fair coin. */
  nextCoin(): boolean;
}

const BLOCK_BYTES = 4096;

function chacha20(secret: Uint8Array, purpose: string): Cipher {
  const key = createHmac('sha256', secret).update(`custos.secret-stream.v1\n${purpose}`).digest();
  // A key of its own per purpose, so that counter and nonce can start at zero (RFC 8439).
  return createCipheriv('chacha20', key, new Uint8Array(16));
}

/**
 * ChaCha20 under a key derived from the secret and the purpose.
 * @throws LeakError CANARY_INVALID when the secret is not 32 bytes
 */
export function secretStream(secret: Uint8Array, purpose: string): SecretStream {
  if (secret.length !== 32) {
    throw new LeakError('CANARY_INVALID', `a secret has 32 bytes, not ${String(secret.length)}`);
  }
  const cipher = chacha20(secret, purpose);
  let block = new Uint8Array(0);
  let used = 0;
  const nextBytes = (count: number): Uint8Array => {
    const out = new Uint8Array(count);
    for (let filled = 0; filled < count;) {
      if (used === block.length) {
        block = Uint8Array.from(cipher.update(new Uint8Array(BLOCK_BYTES)));
        used = 0;
      }
      const taken = Math.min(count - filled, block.length - used);
      out.set(block.subarray(used, used + taken), filled);
      filled += taken;
      used += taken;
    }
    return out;
  };
  const nextWord = (): number => new DataView(nextBytes(4).buffer).getUint32(0, true);
  const nextBelow = (limit: number): number => {
    if (!Number.isInteger(limit) || limit < 1 || limit > 2 ** 32) {
      throw new LeakError('FIGURE_INVALID', `cannot draw below ${String(limit)}`);
    }
    const fair = 2 ** 32 - (2 ** 32 % limit);
    for (;;) {
      const word = nextWord();
      if (word < fair) return word % limit;
    }
  };
  return { nextBytes, nextBelow, nextCoin: () => ((nextBytes(1)[0] ?? 0) & 1) === 1 };
}

/** `count` of the items, uniformly without replacement, in drawn order (Fisher-Yates). */
export function drawWithoutReplacement<T>(
  stream: SecretStream,
  items: readonly T[],
  count: number,
): T[] {
  const pool = [...items];
  const drawn = Math.min(count, pool.length);
  for (let index = 0; index < drawn; index++) {
    const other = index + stream.nextBelow(pool.length - index);
    [pool[index], pool[other]] = [pool[other] as T, pool[index] as T];
  }
  return pool.slice(0, drawn);
}
