import { readFile } from 'node:fs/promises';
import { CliError } from './errors.js';

/** Reads a file that a person named. @throws CliError with `code` */
export async function readText(
  path: string,
  what: string,
  code: 'RUN_FILE_INVALID' | 'POLICY_INVALID',
): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new CliError(code, `${what} ${path} cannot be read; check the path`, { cause });
  }
}
