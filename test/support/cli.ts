import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, standard error last. */
  readonly output: string;
}

export interface CliOptions {
  /** `--data-dir`. */
  readonly dataDir: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another copy of `dist/cli/main.js`. */
  readonly main?: string;
}

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Runs the built command line to its end; it never reads this process's terminal. */
export async function custos(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const child = spawn(
    process.execPath,
    [options.main ?? MAIN, '--data-dir', options.dataDir, ...args],
    { env: { ...process.env, ...options.env }, stdio: 'pipe' },
  );
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    closed,
  ]);
  return { status, stdout, stderr, output: `${stdout}${stderr}` };
}
