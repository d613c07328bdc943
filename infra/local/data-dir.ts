import { chmod, mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LocalError, systemErrorCode } from './errors.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where everything of one embedded installation lies. */
export interface DataDirLayout {
  readonly root: string;
  readonly configFile: string;
  readonly stateFile: string;
  readonly lockFile: string;
  readonly logsDir: string;
  readonly temporalDb: string;
  readonly minioDir: string;
  readonly filesStoreDir: string;
}

/** The data directory: the given one, else CUSTOS_HOME, else `.custos` in `cwd`; absolute. */
export function resolveDataDir(
  options: { readonly dataDir?: string; readonly cwd?: string; readonly env?: Environment } = {},
): string {
  const { dataDir, cwd = process.cwd(), env = process.env } = options;
  return resolve(cwd, nonEmpty(dataDir) ?? nonEmpty(env['CUSTOS_HOME']) ?? '.custos');
}

export function layoutOf(dataDir: string): DataDirLayout {
  const root = resolve(dataDir);
  return {
    root,
    configFile: join(root, 'config.json'),
    stateFile: join(root, 'state.json'),
    lockFile: join(root, 'up.lock'),
    logsDir: join(root, 'logs'),
    temporalDb: join(root, 'temporal', 'temporal.db'),
    minioDir: join(root, 'minio'),
    filesStoreDir: join(root, 'store'),
  };
}

/**
 * Creates the data directory with mode 0700, or takes away what others may do in an existing one.
 * @throws LocalError `DATA_DIR_INVALID` when it is not a directory, belongs to somebody else or cannot be made.
 */
export async function ensureDataDir(dataDir: string): Promise<DataDirLayout> {
  const layout = layoutOf(dataDir);
  await ensurePrivateDir(layout.root);
  for (const folder of [layout.logsDir, join(layout.root, 'temporal')]) {
    await ensurePrivateDir(folder);
  }
  return layout;
}

/** Makes `path` a directory that only its owner can enter. */
async function ensurePrivateDir(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const found = await stat(path);
    const uid = process.getuid?.();
    if (uid !== undefined && found.uid !== uid) {
      throw new LocalError(
        'DATA_DIR_INVALID',
        `${path} belongs to user ${String(found.uid)}, not to you (${String(uid)}). Choose another with --data-dir.`,
      );
    }
    if ((found.mode & 0o077) !== 0) await chmod(path, 0o700);
  } catch (error) {
    if (error instanceof LocalError) throw error;
    throw new LocalError(
      'DATA_DIR_INVALID',
      `Cannot use ${path} as a private directory (${systemErrorCode(error) ?? 'unknown error'}). ` +
        'Check that it is a directory on a writable disk, or choose another with --data-dir.',
      { cause: error },
    );
  }
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value;
}
