import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

/** The cache of programs and libraries: the given one, else CUSTOS_CACHE_DIR, else the user's cache folder; absolute. */
export function resolveCacheDir(
  options: { readonly cacheDir?: string | undefined; readonly env?: Environment } = {},
): string {
  const { cacheDir, env = process.env } = options;
  const base = nonEmpty(env['XDG_CACHE_HOME']) ?? join(homedir(), '.cache');
  return resolve(nonEmpty(cacheDir) ?? nonEmpty(env['CUSTOS_CACHE_DIR']) ?? join(base, 'custos'));
}
