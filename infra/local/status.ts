import { readConfig } from './config.js';
import { layoutOf } from './data-dir.js';
import type { ComponentHealth, ComponentState } from './managed-process.js';
import { isRunning } from './process-identity.js';
import { isReady } from './readiness.js';
import { readSupervisorState } from './supervisor-state.js';

export interface ComponentStatus {
  readonly name: string;
  readonly running: boolean;
  readonly pid?: number;
  readonly port?: number;
  readonly url?: string;
  readonly version?: string;
  /** RFC 3339 time of the last start. */
  readonly since: string;
  /** `unreachable`: it runs and was ready, but does not answer now. */
  readonly health: ComponentHealth | 'unreachable';
  readonly restarts: number;
  readonly lastExit?: string;
  readonly log: string;
}

export interface LocalStatus {
  readonly dataDir: string;
  readonly running: boolean;
  readonly mode?: 'foreground' | 'detached';
  readonly supervisorPid?: number;
  /** Where artifacts lie: undefined before the first start. */
  readonly store?: 's3' | 'files';
  /** Whether the store holds on to what was written. Plain files do not. */
  readonly writeOnce: boolean;
  readonly components: readonly ComponentStatus[];
}

/** What runs for a data directory; each process is asked now. */
export async function localStatus(dataDir: string): Promise<LocalStatus> {
  const layout = layoutOf(dataDir);
  const state = await readSupervisorState(layout.stateFile);
  const config = await readConfig(layout);
  const running = state !== undefined && isRunning(state.supervisor);
  return {
    dataDir: layout.root,
    running,
    ...(running ? { mode: state.mode, supervisorPid: state.supervisor.pid } : {}),
    ...(config?.store === undefined ? {} : { store: config.store }),
    writeOnce: config?.store === 's3',
    components: await Promise.all((state?.components ?? []).map(statusOf)),
  };
}

async function statusOf(component: ComponentState): Promise<ComponentStatus> {
  const { process: identity, readiness, health, ...rest } = component;
  const alive = identity !== undefined && isRunning(identity);
  const aliveMs = Date.now() - Date.parse(component.since);
  const answers = alive && (await isReady(readiness, identity.pid, aliveMs));
  return {
    ...rest,
    running: alive,
    ...(alive ? { pid: identity.pid } : {}),
    health: currentHealth(health, alive, answers),
  };
}

function currentHealth(
  recorded: ComponentHealth,
  alive: boolean,
  answers: boolean,
): ComponentStatus['health'] {
  if (!alive) return recorded === 'ready' || recorded === 'starting' ? 'stopped' : recorded;
  return recorded === 'ready' && !answers ? 'unreachable' : recorded;
}
