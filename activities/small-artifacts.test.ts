import { describe, expect, it, vi } from 'vitest';
import type { ArtifactRef } from '../schemas/index.js';
import { smallArtifacts } from './small-artifacts.js';

const refOf = (digit: string, sizeBytes: number): ArtifactRef => ({
  digest: `sha256:${digit.repeat(64)}`,
  class: 'vault',
  mediaType: 'text/plain',
  sizeBytes,
});

describe('small artifacts of one activity', () => {
  it('are read once each, larger ones every time', async () => {
    const small = smallArtifacts();
    const load = vi.fn(() => Promise.resolve(Buffer.from('x')));
    for (const ref of [refOf('1', 1), refOf('1', 1), refOf('2', 1), refOf('1', 2)]) {
      await small.read(ref, load);
    }
    expect(load).toHaveBeenCalledTimes(3);
    for (let time = 0; time < 2; time++) await small.read(refOf('3', 5000), load);
    expect(load).toHaveBeenCalledTimes(5);
  });

  it('are stored once for the same bytes as the same kind', async () => {
    const small = smallArtifacts();
    const store = vi.fn(() => Promise.resolve(refOf('1', 1)));
    const put = (text: string, kind: string) => small.put(Buffer.from(text), [kind], store);
    await Promise.all([put('a', 'raw'), put('a', 'raw')]);
    expect(store).toHaveBeenCalledTimes(1);
    await put('a', 'vault');
    await put('b', 'raw');
    expect(store).toHaveBeenCalledTimes(3);
    for (let time = 0; time < 2; time++) await put('c'.repeat(5000), 'raw');
    expect(store).toHaveBeenCalledTimes(5);
  });

  it('are asked for again when the store failed', async () => {
    const small = smallArtifacts();
    const failing = () => Promise.reject(new Error('not now'));
    await expect(small.read(refOf('1', 1), failing)).rejects.toThrow('not now');
    const bytes = Buffer.from('x');
    expect(await small.read(refOf('1', 1), () => Promise.resolve(bytes))).toBe(bytes);
  });
});
