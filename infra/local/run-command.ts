import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { LocalError, systemErrorCode } from './errors.js';
import { guardProcessGroup } from './process-group-guard.js';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Lines of standard error, as they come. */
  readonly onErrorLine?: (line: string) => void;
}

export interface CommandResult {
  /** Exit status; null when a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderrTail: string;
  readonly timedOut: boolean;
}

const STDERR_TAIL_LINES = 40;

/**
 * Runs a program to its end in a process group of its own, which dies with this process.
 * @throws LocalError `BINARY_MISSING` when the program is not there, `CANCELLED` on abort.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  if (wasAborted(options.signal)) throw cancelled(command);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => {
      reject(cannotStart(command, error));
    });
    child.once('close', resolve);
  });
  const group = child.pid;
  const guard = group === undefined ? undefined : guardProcessGroup(group);
  const stdout: string[] = [];
  const stderr: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => stdout.push(chunk));
  createInterface({ input: child.stderr }).on('line', (line) => {
    stderr.push(line);
    if (stderr.length > STDERR_TAIL_LINES) stderr.shift();
    options.onErrorLine?.(line);
  });
  const limits = limitRun(group, options);
  try {
    const status = await ended;
    if (wasAborted(options.signal)) throw cancelled(command);
    return {
      status,
      stdout: stdout.join(''),
      stderrTail: stderr.join('\n'),
      timedOut: limits.timedOut(),
    };
  } finally {
    limits.clear();
    guard?.release();
  }
}

function limitRun(
  group: number | undefined,
  { timeoutMs, signal }: CommandOptions,
): { timedOut(): boolean; clear(): void } {
  let timedOut = false;
  const kill = (): void => {
    killGroup(group);
  };
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          kill();
        }, timeoutMs);
  signal?.addEventListener('abort', kill, { once: true });
  return {
    timedOut: () => timedOut,
    clear: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', kill);
    },
  };
}

function killGroup(group: number | undefined): void {
  if (group === undefined) return;
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    return;
  }
}

function wasAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function cannotStart(command: string, error: Error): LocalError {
  const code = systemErrorCode(error) ?? 'unknown error';
  return new LocalError('BINARY_MISSING', `Cannot start ${command} (${code}).`, { cause: error });
}

function cancelled(command: string): LocalError {
  return new LocalError('CANCELLED', `Cancelled while running ${command}.`);
}
