import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { writeTinyModel } from '../fixtures/model/tiny-model.js';

/** A folder with the tiny model, there while the tests around the call run. */
export function tinyModelFolder(): { readonly path: string } {
  const folder = { path: '' };
  beforeAll(async () => {
    folder.path = await mkdtemp(join(tmpdir(), 'custos-tiny-'));
    await writeTinyModel(folder.path);
  });
  afterAll(() => rm(folder.path, { recursive: true }));
  return folder;
}
