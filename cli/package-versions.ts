import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

interface PackageJson {
  readonly name?: string;
  readonly version?: string;
}

const require = createRequire(import.meta.url);

/**
 * The version of an installed package, of this one by its own name; undefined where there is none.
 * Packages need not let their package.json be imported, so it is looked for above their entry.
 */
export function packageVersion(name: string): string | undefined {
  for (let folder = entryOf(name); folder !== undefined; folder = parentOf(folder)) {
    const found = readPackage(join(folder, 'package.json'));
    if (found?.name === name) return found.version;
  }
  return undefined;
}

function entryOf(name: string): string | undefined {
  for (const entry of [`${name}/package.json`, name]) {
    try {
      return dirname(require.resolve(entry));
    } catch {
      // Not installed, or its exports do not list this entry.
    }
  }
  return undefined;
}

function parentOf(folder: string): string | undefined {
  const parent = dirname(folder);
  return parent === folder ? undefined : parent;
}

function readPackage(path: string): PackageJson | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as PackageJson;
  } catch {
    return undefined;
  }
}
