import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const COPIED = [
  ...['schemas', 'policies', 'domain', 'infra', 'activities', 'workflows', 'cli', 'scripts'],
  ...['worker.ts', 'package.json', 'eslint.config.js', '.dependency-cruiser.cjs', 'knip.json'],
  ...['tsconfig.base.json', 'tsconfig.json', 'tsconfig.workflows.json', 'tsconfig.build.json'],
  ...['.prettierrc.json', '.prettierignore', '.gitignore', 'vitest.config.ts'],
];

export interface Outcome {
  readonly failed: boolean;
  readonly text: string;
}

/** A copy of the sources with the real configuration, where violations can be planted. */
export interface CopiedHouse {
  readonly root: string;
  plant(files: Readonly<Record<string, string>>): void;
  /** Runs a tool of node_modules/.bin, or `node` for a script of the house. */
  run(tool: string, ...args: string[]): Outcome;
  remove(): void;
}

export function copyHouse(): CopiedHouse {
  const root = mkdtempSync(join(tmpdir(), 'custos-house-'));
  for (const path of COPIED) cpSync(join(ROOT, path), join(root, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'dir');
  return {
    root,
    plant: (files) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
    },
    run: (tool, ...args) => {
      const command = tool === 'node' ? process.execPath : join(root, 'node_modules/.bin', tool);
      const { status, stdout, stderr, error } = spawnSync(command, args, {
        cwd: root,
        encoding: 'utf8',
        maxBuffer: 256 * 1024 * 1024,
        env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' },
      });
      if (error !== undefined) throw error;
      return { failed: status !== 0, text: `${stdout}${stderr}` };
    },
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}
