import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findNative, RECORD, setupFolder } from './place.js';
import { setupTensorflow } from './setup.js';
import { CPU, HEADERS } from './versions.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custos-setup-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** Puts a program of that name first on the PATH: a tool or registry that misbehaves. */
async function replaceTool(name: string, script: string): Promise<void> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, name), 0o755);
  vi.stubEnv('PATH', `${bin}:${process.env['PATH'] ?? ''}`);
}

function lockWith(integrity: string): string {
  const packages = {
    [`node_modules/${CPU.packageName}`]: { integrity },
    [`node_modules/${HEADERS.name}`]: { integrity: HEADERS.integrity },
  };
  return `echo '${JSON.stringify({ packages })}' > package-lock.json`;
}

const cache = () => join(folder, 'cache');
const setup = () => setupTensorflow({ cacheDir: cache() });

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('setupTensorflow', () => {
  it.each([
    [
      'npm fails',
      'npm',
      'echo no network >&2; exit 1',
      /install @tensorflow\/tfjs-node.*no network/s,
    ],
    [
      'the registry gives another package',
      'npm',
      lockWith('sha512-other'),
      /nothing of it was run/,
    ],
  ])('refuses when %s, and leaves nothing behind', async (_, tool, script, says) => {
    await replaceTool(tool, script);
    await expect(setup()).rejects.toMatchObject({
      code: 'SETUP_FAILED',
      message: expect.stringMatching(says) as string,
    });
    expect(await readdir(cache())).toEqual([]);
  });

  it.each([
    ['a wheel of another digest', 'for to; do :; done; echo changed > "$to/x.whl"', /SHA-256/],
    ['pip refusing', 'echo THESE PACKAGES DO NOT MATCH THE HASHES >&2; exit 1', /HASHES/],
  ])('refuses %s', async (_, script, says) => {
    await replaceTool('npm', lockWith(CPU.integrity));
    await replaceTool('python3', script);
    await expect(setup()).rejects.toMatchObject({
      code: 'SETUP_FAILED',
      message: expect.stringMatching(says) as string,
    });
    expect(await readdir(cache())).toEqual([]);
  });
});

describe('findNative', () => {
  it('finds what a finished setup left in the cache, and nothing unfinished', async () => {
    const place = setupFolder('tfjs-node', cache());
    const own = join(place, 'node_modules/@tensorflow/tfjs-node');
    await mkdir(own, { recursive: true });
    await writeFile(join(own, 'index.js'), '');
    expect(findNative('tfjs-node', cache())).toBeUndefined();
    await writeFile(join(place, RECORD), '{}');
    expect(findNative('tfjs-node', cache())).toBe(join(own, 'index.js'));
    expect(findNative('tfjs-node-gpu', cache())).toBeUndefined();
  });
});
