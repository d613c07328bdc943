import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
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

/** A closed window, and stops from outside. */
const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

/** A server that does not answer must not keep a process whose terminal is gone. */
const MAX_SAVE_MS = 10_000;

/** Whoever is cut off while deciding. */
export interface CutOff {
  /** Saves what is decided. */
  readonly save: () => Promise<void>;
  /** Leaves the terminal as it was. */
  readonly restore: () => void;
}

/**
 * Runs `work`, in which a person decides. A signal, or a terminal that is gone, saves what is decided
 * and ends the process with the status that a shell gives to that signal; a second one ends it at once.
 */
export async function whileDeciding<T>(
  { save, restore }: CutOff,
  work: () => Promise<T>,
): Promise<T> {
  const stop = async (signal: (typeof SIGNALS)[number]): Promise<void> => {
    const late = sleep(MAX_SAVE_MS).then(() => Promise.reject(new Error('late')));
    const said = await Promise.race([save(), late]).then(
      () => 'nothing is signed; what was decided is kept as a draft',
      () => 'nothing is signed; the last decisions could not be kept',
    );
    restore();
    process.stderr.write(`${said}\n`);
    process.exit(128 + constants.signals[signal]);
  };
  const onSignal = (signal: (typeof SIGNALS)[number]): void => void stop(signal);
  const onGone = (): void => void stop('SIGHUP');
  for (const signal of SIGNALS) process.once(signal, onSignal);
  for (const event of ['end', 'error']) process.stdin.on(event, onGone);
  try {
    return await work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    for (const event of ['end', 'error']) process.stdin.off(event, onGone);
  }
}

/** What to type after Ctrl-C on a run that goes on. */
export const goOnWith = (runId: string): string =>
  [
    `the run goes on without this window: ${runId}`,
    `  go on watching: custos show ${runId} --watch`,
    `  cancel it:      custos cancel ${runId}`,
  ].join('\n');
