import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The compiled file of an entry point of this room, to be run by Node in a process of its own.
 * Seen from the TypeScript sources (tests), it lies under dist/.
 */
export function entryPath(name: string): string {
  const here = fileURLToPath(import.meta.url);
  const folder = dirname(here);
  return here.endsWith('.ts')
    ? join(folder, '..', '..', 'dist', 'infra', 'local', `${name}.js`)
    : join(folder, `${name}.js`);
}
