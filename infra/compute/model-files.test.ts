import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeSafetensors, type TensorSource } from '../../domain/model/index.js';
import { TINY_CONFIG, tinyTensors } from '../../test/fixtures/model/tiny-model.js';
import { withModelFiles } from './model-files.js';

const FILES = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const;
const TENSORS = tinyTensors();
const SHARDS = [TENSORS.slice(0, 7), TENSORS.slice(7)] as const;
const MAP: Readonly<Record<string, string>> = Object.fromEntries(
  FILES.flatMap((file, i) => (SHARDS[i] ?? []).map(({ name }) => [name, file] as const)),
);
const FIRST = TENSORS[0]?.name ?? '';
const LAST = TENSORS.at(-1)?.name ?? '';

describe('a base model in shards', () => {
  let directory = '';

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'custos-shards-'));
    await writeFile(join(directory, 'config.json'), JSON.stringify(TINY_CONFIG));
    for (const [i, file] of FILES.entries())
      await writeFile(join(directory, file), writeSafetensors(SHARDS[i] ?? []));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const read = async <T>(index: unknown, use: (source: TensorSource) => Promise<T>): Promise<T> => {
    await writeFile(join(directory, 'model.safetensors.index.json'), JSON.stringify(index));
    return withModelFiles(directory, (_, source) => use(source));
  };

  it('gives every tensor of every file', async () => {
    await read({ metadata: { total_size: 1 }, weight_map: MAP }, async (source) => {
      expect([...source.names].sort()).toEqual(TENSORS.map(({ name }) => name).sort());
      for (const { name, shape, data } of TENSORS) {
        expect(source.shape(name)).toEqual(shape);
        expect(await source.readFloat32(name)).toEqual(data);
      }
    });
  });

  const without = (name: string) =>
    Object.fromEntries(Object.entries(MAP).filter(([key]) => key !== name));

  it.each<[string, unknown]>([
    ['is null', null],
    ['has no map', {}],
    ['has an empty map', { weight_map: {} }],
    ['leaves the directory', { weight_map: { ...MAP, [LAST]: '../other.safetensors' } }],
    ['names an absolute path', { weight_map: { ...MAP, [LAST]: '/other.safetensors' } }],
    ['names a file that is not there', { weight_map: { ...MAP, [LAST]: 'other.safetensors' } }],
    ['names a file by a number', { weight_map: { ...MAP, [LAST]: 2 } }],
    ['names a tensor that is nowhere', { weight_map: { ...MAP, more: FILES[0] } }],
    ['names another file for a tensor', { weight_map: { ...MAP, [FIRST]: FILES[1] } }],
    ['keeps silent about a tensor', { weight_map: without(LAST) }],
  ])('is refused when its index %s', async (_, index) => {
    await expect(read(index, () => Promise.resolve())).rejects.toMatchObject({
      code: 'MODEL_UNREADABLE',
    });
  });

  it('is refused when two files have a tensor of one name', async () => {
    const twice = [...SHARDS[1], ...TENSORS.slice(0, 1)];
    await writeFile(join(directory, FILES[1]), writeSafetensors(twice));
    await expect(read({ weight_map: MAP }, () => Promise.resolve())).rejects.toMatchObject({
      code: 'MODEL_UNREADABLE',
    });
  });
});
