import { spawn } from 'node:child_process';
import { ComputeError } from '../errors.js';

const TAIL_LINES = 12;

/**
 * Runs a program to its end.
 * @throws ComputeError SETUP_FAILED with the last lines that it wrote
 */
export async function runTool(
  command: string,
  args: readonly string[],
  cwd: string,
  what: string,
): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let written = '';
  const keep = (chunk: string) => {
    written = (written + chunk).slice(-4000);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const status = await new Promise<number | string>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      resolve(`cannot start ${command}: ${error.code ?? error.name}`);
    });
    child.once('close', (code, signal) => {
      resolve(code ?? `ended by ${String(signal)}`);
    });
  });
  if (status === 0) return;
  const tail = written.trim().split('\n').slice(-TAIL_LINES).join('\n');
  throw new ComputeError(
    'SETUP_FAILED',
    `Could not ${what} (${typeof status === 'number' ? `${command} exit status ${String(status)}` : status}).\n${tail}`,
  );
}
