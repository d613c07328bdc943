import { EXIT } from './exit-codes.js';

const SHOW_CURSOR = '\u001b[?25h';

/**
 * Runs `work`, which only looks on. Ctrl-C prints how to go on and ends the process; what it
 * looked at is left as it is.
 */
export async function whileWatching<T>(advice: string, work: () => Promise<T>): Promise<T> {
  const stop = (): void => {
    // The live list hides the cursor.
    if (process.stdout.isTTY) process.stdout.write(SHOW_CURSOR);
    process.stderr.write(`\n${advice}\n`);
    process.exit(EXIT.interrupted);
  };
  process.once('SIGINT', stop);
  try {
    return await work();
  } finally {
    process.off('SIGINT', stop);
  }
}

/** What to type after Ctrl-C on a run that goes on. */
export const goOnWith = (runId: string): string =>
  [
    `the run goes on without this window: ${runId}`,
    `  go on watching: custos show ${runId} --watch`,
    `  cancel it:      custos cancel ${runId}`,
  ].join('\n');
