import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { resolveCacheDir } from '../../cache/index.js';
import { TENSORFLOW_VERSION, TFJS_NODE_VERSION } from './versions.js';

export type NativeName = 'tfjs-node' | 'tfjs-node-gpu';

/** Where `custos setup tensorflow` puts a native backend. */
export function setupFolder(name: NativeName, cacheDir = resolveCacheDir()): string {
  const version = `${TFJS_NODE_VERSION}-tensorflow-${TENSORFLOW_VERSION}`;
  return join(cacheDir, `${name}-${version}-${process.platform}-${process.arch}`);
}

/** What a finished setup leaves in its folder. */
export const RECORD = 'custos-setup.json';

/**
 * The file to load a native backend from: the package installed beside Custos, else the one that
 * `custos setup tensorflow` made; undefined when there is neither.
 */
export function findNative(name: NativeName, cacheDir?: string): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(`@tensorflow/${name}`);
  } catch {
    const folder = setupFolder(name, cacheDir);
    if (!existsSync(join(folder, RECORD))) return undefined;
    return createRequire(join(folder, 'package.json')).resolve(`@tensorflow/${name}`);
  }
}
