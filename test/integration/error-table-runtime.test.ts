import { cp, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { EXIT } from '../../cli/exit-codes.js';
import { caseFolder, checkError } from '../support/error-case.js';

vi.setConfig({ testTimeout: 120_000 });

describe('a missing native runtime', () => {
  let main = '';
  let modules = '';

  beforeAll(async () => {
    const copy = await caseFolder();
    modules = join(copy, 'node_modules');
    main = join(copy, 'dist/cli/main.js');
    await cp('dist', join(copy, 'dist'), { recursive: true });
    await cp('package.json', join(copy, 'package.json'));
    for (const name of await readdir('node_modules')) {
      const scoped = name.startsWith('@') ? await readdir(join('node_modules', name)) : [''];
      await mkdir(name.startsWith('@') ? join(modules, name) : modules, { recursive: true });
      for (const inner of scoped) {
        const path = join(name, inner);
        await symlink(resolve('node_modules', path), join(modules, path));
      }
    }
    for (const name of ['onnxruntime-node', '@temporalio/worker']) await rm(join(modules, name));
  });

  const INSTALL = 'without a network "npm ci --onnxruntime-node-install=skip"';

  it('of the worker stops a start before any server runs', () =>
    checkError(
      {
        name: 'up',
        args: ['up'],
        exit: EXIT.unavailable,
        says: ['the worker cannot start: the package @temporalio/worker cannot be loaded', INSTALL],
      },
      main,
    ));

  it('of training is a finding of the doctor', () =>
    checkError(
      {
        name: 'doctor',
        args: ['doctor'],
        exit: EXIT.unavailable,
        says: ['onnxruntime-node', 'cannot be imported', INSTALL, '1 required check failed'],
      },
      main,
    ));

  it('of training is an error of the step that needs it', async () => {
    const built = join(modules, '../dist/infra/compute/index.js');
    const { probeEnvironment } = (await import(built)) as {
      probeEnvironment: (backend: string) => Promise<unknown>;
    };
    await expect(probeEnvironment('wasm+onnxruntime')).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringMatching(
        /onnxruntime-node 1\.30\.0 cannot be loaded.*npm ci.*onnxruntime-node-install=skip.*"wasm"/,
      ) as string,
    });
  });

  it('of the command line itself is no stack trace', async () => {
    await rm(join(modules, 'commander'));
    await checkError(
      {
        name: 'any command',
        args: ['runs'],
        exit: EXIT.unavailable,
        says: ['the package commander cannot be loaded', INSTALL, '[RUNTIME_MISSING]'],
      },
      main,
    );
  });
});
