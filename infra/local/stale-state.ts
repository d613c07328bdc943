import type { DataDirLayout } from './data-dir.js';
import { readJson } from './atomic-file.js';
import { isProcessIdentity, isRunning } from './process-identity.js';
import { readSupervisorState } from './supervisor-state.js';

/** Whether a killed run left a lock, or a state that speaks of processes which no supervisor keeps. */
export async function isStale(layout: DataDirLayout): Promise<boolean> {
  const lock = await readJson(layout.lockFile);
  if (lock.state === 'corrupt') return true;
  if (lock.state === 'read' && !(isProcessIdentity(lock.value) && isRunning(lock.value)))
    return true;
  const state = await readSupervisorState(layout.stateFile);
  if (state === undefined) return (await readJson(layout.stateFile)).state !== 'absent';
  const recorded = state.components.some(({ process }) => process !== undefined);
  return recorded && !isRunning(state.supervisor);
}
