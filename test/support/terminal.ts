import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** The built command line on a terminal of its own (util-linux `script`), as a person has it. */
export interface Terminal {
  type(keys: string): void;
  /** Waits until the screen has shown a text since the last call. */
  see(text: string): Promise<void>;
  /** The process of the command line. */
  readonly pid: number;
  /** Closes the window: what runs in it gets SIGHUP, and no answer to what it writes. */
  hangUp(): void;
  /** The exit status once the command has ended, as a shell gives it. */
  readonly ended: Promise<number | null>;
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

export async function openTerminal(args: readonly string[], dataDir: string): Promise<Terminal> {
  const words = [process.execPath, MAIN, '--data-dir', dataDir, ...args].map(quoted).join(' ');
  // The shell tells its number and becomes the command.
  const command = `stty cols 100 rows 50; echo "pid $$"; exec ${words}`;
  const child = spawn(
    'script',
    ['--quiet', '--flush', '--return', '--command', command, '/dev/null'],
    {
      env: { ...process.env, SHELL: '/bin/sh', TERM: 'xterm' },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  child.stdin.on('error', () => undefined);
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const see = async (text: string): Promise<void> => {
    while (!shown.includes(text)) {
      if (child.exitCode !== null) throw new Error(`ended without ${text}: ${shown.slice(-400)}`);
      await sleep(50);
    }
    shown = shown.slice(shown.indexOf(text) + text.length);
  };
  await see('pid ');
  while (!/^\d+\r?\n/.test(shown)) await sleep(20);
  const pid = Number.parseInt(shown, 10);
  return {
    pid,
    see,
    ended,
    type: (keys) => child.stdin.write(keys),
    hangUp: () => {
      child.kill('SIGKILL');
    },
  };
}
