import { rm } from 'node:fs/promises';
import { type DataDirLayout, layoutOf } from './data-dir.js';
import { LocalError } from './errors.js';
import { endProcesses, waitUntilGone } from './process-end.js';
import { isRunning, signalProcess } from './process-identity.js';
import { readSupervisorState } from './supervisor-state.js';

const STOP_LIMIT_MS = 40_000;

/**
 * Stops whatever runs for a data directory, in order. Returns false when nothing ran.
 * @throws LocalError `STOP_FAILED` when processes could not be ended.
 */
export async function stopLocal(dataDir: string): Promise<boolean> {
  const layout = layoutOf(dataDir);
  const state = await readSupervisorState(layout.stateFile);
  if (state === undefined) return false;
  const wasRunning = signalProcess(state.supervisor, 'SIGTERM');
  if (wasRunning && !(await waitUntilGone(state.supervisor, STOP_LIMIT_MS))) {
    await endProcesses([state.supervisor]);
  }
  const orphans = await endOrphans(layout);
  const left = state.components.filter(
    ({ process }) => process !== undefined && isRunning(process),
  );
  if (left.length > 0) {
    const pids = left.map(({ name, process }) => `${name} (${String(process?.pid)})`).join(', ');
    throw new LocalError('STOP_FAILED', `Still running: ${pids}. End them by hand.`);
  }
  return wasRunning || orphans > 0;
}

/** Ends processes whose supervisor is gone and removes its state file; returns how many there were. */
export async function endOrphans(layout: DataDirLayout): Promise<number> {
  const state = await readSupervisorState(layout.stateFile);
  if (state !== undefined && isRunning(state.supervisor)) return 0;
  const recorded = state?.components.flatMap(({ process }) =>
    process === undefined ? [] : [process],
  );
  const ended = await endProcesses(recorded ?? []);
  await rm(layout.stateFile, { force: true });
  return ended.length;
}
