import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSourceStore } from './source-store.js';

const store = openSourceStore(undefined);
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custos-sources-'));
  await mkdir(join(folder, 'in/deep'), { recursive: true });
  await mkdir(join(folder, 'in/.hidden'));
  for (const name of ['b.csv', 'a.csv', 'deep/c.jsonl', '.x', '.hidden/d.csv']) {
    await writeFile(join(folder, 'in', name), name);
  }
});

afterEach(() => rm(folder, { recursive: true }));

const namesOf = async (path: string): Promise<string[]> =>
  (await store.fingerprint({ path: join(folder, path) })).files.map(({ name }) => name);

async function drain(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString('latin1');
}

describe('openSourceStore', () => {
  it.each([
    ['a file', 'in/a.csv', ['a.csv']],
    ['a folder, sorted, without what is hidden', 'in', ['a.csv', 'b.csv', 'deep/c.jsonl']],
    ['a glob', 'in/*.csv', ['a.csv', 'b.csv']],
    ['a glob over folders', 'in/**/*.{jsonl,csv}', ['a.csv', 'b.csv', 'deep/c.jsonl']],
  ])('lists %s', async (_, path, names) => {
    expect(await namesOf(path)).toEqual(names);
  });

  it('takes a file whose name looks like a glob', async () => {
    await writeFile(join(folder, 'in/[1].csv'), 'x');
    expect(await namesOf('in/[1].csv')).toEqual(['[1].csv']);
  });

  it.each([
    ['a missing path', 'gone.csv', 'SOURCE_MISSING'],
    ['a glob without a match', 'in/*.parquet', 'SOURCE_MISSING'],
    ['an empty folder', 'in/.hidden/none', 'SOURCE_MISSING'],
  ])('refuses %s', async (_, path, code) => {
    await expect(namesOf(path)).rejects.toMatchObject({ code });
  });

  it('refuses a link out of the folder, and passes over one within', async () => {
    await symlink(join(folder, 'in/a.csv'), join(folder, 'in/again.csv'));
    expect(await namesOf('in')).toEqual(['a.csv', 'b.csv', 'deep/c.jsonl']);
    await symlink('/etc/passwd', join(folder, 'in/out.csv'));
    await expect(namesOf('in')).rejects.toMatchObject({ code: 'SOURCE_LINK' });
  });

  it('stops a reader when a file is not the fingerprinted one', async () => {
    const path = join(folder, 'in');
    const manifest = await store.fingerprint({ path });
    await writeFile(join(path, 'b.csv'), 'other');
    const { files } = await store.open({ path }, manifest);
    const read = (at: number) => drain(files[at]?.open() ?? expect.fail('a file is missing'));
    expect(await read(0)).toBe('a.csv');
    const stopped: unknown = await read(1).catch((error: unknown) => error);
    expect(stopped).toMatchObject({
      code: 'SOURCE_CHANGED',
      message: expect.stringMatching(/^file 2 of 3 of (?!.*b\.csv)/) as string,
    });
  });

  it('verifies ranges of a Parquet file by its chunks', async () => {
    const path = join(folder, 'in/big.parquet');
    const bytes = Buffer.alloc(3_000_000, 'PAR1 and so on ');
    await writeFile(path, bytes);
    const manifest = await store.fingerprint({ path });
    expect(manifest.files[0]?.chunkDigests).toHaveLength(3);
    const { files } = await store.open({ path }, manifest);
    const range = await files[0]?.readRange(1_000_000, 1_100_000);
    expect(Buffer.from(range ?? []).equals(bytes.subarray(1_000_000, 1_100_000))).toBe(true);
    bytes[2_500_000] = 0;
    await writeFile(path, bytes);
    await expect(files[0]?.readRange(5, 10)).resolves.toHaveLength(5);
    await expect(files[0]?.readRange(2_999_000, 3_000_000)).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
    });
  });

  it('needs credentials for a bucket', async () => {
    await expect(store.fingerprint({ path: 's3://exports/2026/' })).rejects.toMatchObject({
      code: 'SOURCE_DENIED',
    });
  });
});
