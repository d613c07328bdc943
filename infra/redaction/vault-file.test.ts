import { describe, expect, it } from 'vitest';
import { createVaultSealer, openVaultFrames } from './vault-file.js';

const KEY = new Uint8Array(32).fill(5);
const PIECES = ['one', '', 'three'.repeat(1000)].map((text) => Buffer.from(text));

function sealed(pieces = PIECES, key = KEY): Buffer[] {
  const { header, seal } = createVaultSealer(key);
  return [header, ...pieces.map((piece, at) => seal(piece, at === pieces.length - 1))];
}

async function open(bytes: Buffer, key = KEY, size = 7): Promise<string[]> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) {
      yield await Promise.resolve(bytes.subarray(at, at + size));
    }
  }
  const frames: string[] = [];
  for await (const frame of openVaultFrames(key, chunks())) frames.push(frame.toString());
  return frames;
}

describe('a vault file', () => {
  it('opens under its key, however it is cut into chunks', async () => {
    const file = Buffer.concat(sealed());
    for (const size of [1, 7, 100_000]) {
      expect(await open(file, KEY, size)).toEqual(PIECES.map((piece) => piece.toString()));
    }
  });

  it('is another file for the same content', () => {
    expect(Buffer.concat(sealed()).equals(Buffer.concat(sealed()))).toBe(false);
  });

  it('does not open under another key', async () => {
    await expect(open(Buffer.concat(sealed()), new Uint8Array(32))).rejects.toMatchObject({
      code: 'VAULT_KEY_WRONG',
    });
  });

  it('does not open with any byte changed', async () => {
    const file = Buffer.concat(sealed(PIECES.slice(0, 2)));
    for (let at = 0; at < file.length; at += 1) {
      const changed = Buffer.from(file);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(open(changed)).rejects.toMatchObject({
        code: expect.stringMatching(/^VAULT_(?:ALTERED|KEY_WRONG)$/) as string,
      });
    }
  });

  it.each([
    ['cut off after a frame', (parts: Buffer[]) => parts.slice(0, 3)],
    ['with frames exchanged', ([h, a, b, c]: Buffer[]) => [h, b, a, c]],
    ['with a frame missing', ([h, a, , c]: Buffer[]) => [h, a, c]],
    ['with a frame twice', ([h, a, b, c]: Buffer[]) => [h, a, a, b, c]],
    ['with more behind its end', (parts: Buffer[]) => [...parts, Buffer.from('x')]],
    ['with a frame of another file', ([h, a, , c]: Buffer[]) => [h, a, sealed()[2], c]],
    ['that is empty', () => []],
  ] as const)('does not open %s', async (_, change) => {
    const parts = change(sealed()).map((part) => part ?? Buffer.alloc(0));
    await expect(open(Buffer.concat(parts))).rejects.toMatchObject({ code: 'VAULT_ALTERED' });
  });
});
