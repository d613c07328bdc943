import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderReader, folderWriter, makeEmptyFolder } from './folders.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'custos-folders-'));
});
afterEach(() => rm(root, { recursive: true }));

test('what is written reads back, and only its owner may read it', async () => {
  const folder = join(root, 'out');
  await makeEmptyFolder(folder);
  const write = folderWriter(folder);
  await write('a/b.json', Buffer.from('{}'));
  await write('.hidden', Buffer.from('x'));
  const reader = await folderReader(folder);
  expect([...(await reader.listFiles())].sort()).toEqual(['.hidden', 'a/b.json']);
  expect(Buffer.from(await reader.readFile('a/b.json')).toString()).toBe('{}');
  const modes = await Promise.all(['', 'a', 'a/b.json'].map((path) => stat(join(folder, path))));
  expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o700, 0o700, 0o600]);
});

test('nothing that is there is written over', async () => {
  const write = folderWriter(root);
  await write('a', Buffer.from('first'));
  await expect(write('a', Buffer.from('second'))).rejects.toMatchObject({ code: 'EEXIST' });
  expect(await readFile(join(root, 'a'), 'utf8')).toBe('first');
  await expect(makeEmptyFolder(root)).rejects.toMatchObject({ code: 'USAGE' });
});

test('a link is listed and never followed', async () => {
  await writeFile(join(root, 'secret'), 'outside');
  const folder = join(root, 'bundle');
  await makeEmptyFolder(folder);
  await symlink(join(root, 'secret'), join(folder, 'link'));
  await symlink(root, join(folder, 'up'));
  const reader = await folderReader(folder);
  expect([...(await reader.listFiles())].sort()).toEqual(['link', 'up']);
  await expect(reader.readFile('link')).rejects.toMatchObject({ code: 'ELOOP' });
});

test.each(['missing', 'file'])('%s is no folder to read', async (name) => {
  await writeFile(join(root, 'file'), '');
  await expect(folderReader(join(root, name))).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
