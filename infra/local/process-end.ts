import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessIdentity, signalProcess } from './process-identity.js';

const POLL_MS = 50;
const GRACE_MS = 3_000;

/** Waits for a process to end; false when it still runs after `limitMs` milliseconds. */
export async function waitUntilGone(identity: ProcessIdentity, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (isRunning(identity)) {
    if (Date.now() >= deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** Ends processes: SIGTERM, then SIGKILL after three seconds. Returns those that ran. */
export async function endProcesses(
  identities: readonly ProcessIdentity[],
): Promise<readonly ProcessIdentity[]> {
  const running = identities.filter((identity) => signalProcess(identity, 'SIGTERM'));
  await Promise.all(
    running.map(async (identity) => {
      if (await waitUntilGone(identity, GRACE_MS)) return;
      signalProcess(identity, 'SIGKILL');
      await waitUntilGone(identity, GRACE_MS);
    }),
  );
  return running;
}
