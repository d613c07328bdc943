import { readConfig, type StoreKind } from './config.js';
import { type DataDirLayout, layoutOf } from './data-dir.js';
import { LocalError } from './errors.js';
import type { SupervisorState } from './managed-process.js';
import { checkStore } from './prepare-servers.js';
import { endpointsOf, type LocalEndpoints, type LocalServices } from './services.js';
import { waitForComponent } from './supervisor-client.js';
import { findComponent, readRunningState } from './supervisor-state.js';

/**
 * Endpoints of the servers that run for a data directory.
 * @throws LocalError `NOT_RUNNING` when there are none.
 */
export async function connectLocal(dataDir: string): Promise<LocalEndpoints> {
  const layout = layoutOf(dataDir);
  const state = await readRunningState(layout.stateFile);
  const endpoints = state === undefined ? undefined : await endpointsFrom(layout, state);
  if (endpoints !== undefined) return endpoints;
  throw new LocalError('NOT_RUNNING', `No servers run for ${layout.root}: run "custos up" first.`);
}

/** Joins running servers; they stay when the caller stops. */
export async function connectRunning(
  layout: DataDirLayout,
  options: {
    readonly store?: 'auto' | StoreKind;
    readonly readyTimeoutMs?: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<LocalServices> {
  const config = await readConfig(layout);
  checkStore(layout, config?.store, options.store);
  const state = await readRunningState(layout.stateFile);
  const limits = { deadlineMs: options.readyTimeoutMs ?? 60_000, signal: options.signal };
  for (const { name } of state?.components ?? []) {
    if (state !== undefined) await waitForComponent(layout, state.supervisor, name, limits);
  }
  return {
    ...(await connectLocal(layout.root)),
    owned: false,
    start: () =>
      Promise.reject(
        new LocalError(
          'SUPERVISOR_FAILED',
          `The servers of ${layout.root} belong to another process. Run "custos down" first.`,
        ),
      ),
    stop: () => Promise.resolve(),
  };
}

async function endpointsFrom(
  layout: DataDirLayout,
  state: SupervisorState,
): Promise<LocalEndpoints | undefined> {
  const config = await readConfig(layout);
  const temporal = findComponent(state, 'temporal');
  if (config === undefined || temporal?.port === undefined) return undefined;
  return endpointsOf(layout, config, { port: temporal.port, uiUrl: temporal.url });
}
