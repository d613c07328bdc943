import { readJson } from './atomic-file.js';
import type { ComponentState, SupervisorState } from './managed-process.js';
import { isProcessIdentity, isRunning } from './process-identity.js';

/** The recorded state, or undefined when there is none or it is damaged: what it tells can be found out anew. */
export async function readSupervisorState(stateFile: string): Promise<SupervisorState | undefined> {
  const file = await readJson(stateFile);
  return file.state === 'read' && isSupervisorState(file.value) ? file.value : undefined;
}

/** The state, if its supervisor still runs. */
export async function readRunningState(stateFile: string): Promise<SupervisorState | undefined> {
  const state = await readSupervisorState(stateFile);
  return state !== undefined && isRunning(state.supervisor) ? state : undefined;
}

export function findComponent(state: SupervisorState, name: string): ComponentState | undefined {
  return state.components.find((component) => component.name === name);
}

function isSupervisorState(value: unknown): value is SupervisorState {
  if (typeof value !== 'object' || value === null) return false;
  const { version, supervisor, components } = value as Partial<Record<string, unknown>>;
  return (
    version === 1 &&
    isProcessIdentity(supervisor) &&
    Array.isArray(components) &&
    components.every(isComponentState)
  );
}

function isComponentState(value: unknown): value is ComponentState {
  if (typeof value !== 'object' || value === null) return false;
  const { name, health, log, process: identity } = value as Partial<Record<string, unknown>>;
  return (
    typeof name === 'string' &&
    typeof health === 'string' &&
    typeof log === 'string' &&
    (identity === undefined || isProcessIdentity(identity))
  );
}
