import { connectRunning } from './connect.js';
import { loadOrCreateConfig, saveConfig, type LocalConfig, type StoreKind } from './config.js';
import { type DataDirLayout, ensureDataDir, type Environment } from './data-dir.js';
import { withFileLock } from './file-lock.js';
import type { ManagedProcess } from './managed-process.js';
import { minioProcess } from './minio-server.js';
import { isRunning } from './process-identity.js';
import { assignPorts, type AssignedPorts } from './port-plan.js';
import { isPortFree, loopbackUrl } from './ports.js';
import { prepareServers, type PreparedServers } from './prepare-servers.js';
import { type ProgressListener, reporterFor } from './progress.js';
import { type LocalEndpoints, type LocalServices, endpointsOf } from './services.js';
import { endOrphans } from './stop.js';
import { spawnSupervisor, type SupervisorClient } from './supervisor-client.js';
import { readRunningState } from './supervisor-state.js';
import { prepareNamespace, temporalProcess } from './temporal-server.js';
import { LocalError } from './errors.js';

export interface StartOptions {
  readonly dataDir: string;
  readonly cacheDir?: string | undefined;
  /** `auto` (default): as this directory has it, else MinIO when it can be had, else files. */
  readonly store?: 'auto' | StoreKind;
  /** `foreground` (default): everything ends with this process. `detached`: runs until `stopLocal`. */
  readonly mode?: 'foreground' | 'detached';
  /** Temporal's web interface on loopback; default false. */
  readonly ui?: boolean;
  /** Processes to start once the servers are ready, the worker for instance; before a detach. */
  readonly processes?: (
    endpoints: LocalEndpoints,
  ) => readonly ManagedProcess[] | Promise<readonly ManagedProcess[]>;
  readonly env?: Environment;
  readonly onProgress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that each process may take to become ready; default 60,000. */
  readonly readyTimeoutMs?: number;
}

const LOCK_WAIT_MS = 60 * 60_000;
const DEFAULT_READY_TIMEOUT_MS = 60_000;

/**
 * Brings up the servers of a data directory, or joins those that run there.
 * @throws LocalError with any code of this room.
 */
export async function startLocal(options: StartOptions): Promise<LocalServices> {
  const layout = await ensureDataDir(options.dataDir);
  const report = reporterFor('servers', options.onProgress);
  const lock = {
    waitMs: LOCK_WAIT_MS,
    purpose: `start the servers of ${layout.root}`,
    signal: options.signal,
    onWait: (pid: number) => {
      report(`process ${String(pid)} is starting them already; waiting`);
    },
  };
  return withFileLock(layout.lockFile, lock, async () => {
    const running = await readRunningState(layout.stateFile);
    if (running !== undefined) {
      try {
        return await connectRunning(layout, options);
      } catch (error) {
        // It may have been on its way down; then there is nothing left to join.
        if (isRunning(running.supervisor)) throw error;
      }
    }
    const orphans = await endOrphans(layout);
    if (orphans > 0) report(`ended ${String(orphans)} processes left over from an earlier run`);
    const config = await loadOrCreateConfig(layout);
    const servers = await prepareServers(layout, config, options);
    return startServers(layout, servers, options);
  });
}

// Between choosing a port and binding it another program may take it; then everything is tried once more.
async function startServers(
  layout: DataDirLayout,
  servers: PreparedServers,
  options: StartOptions,
): Promise<LocalServices> {
  const ports = await assignPorts(servers.config, { ui: options.ui === true });
  const config: LocalConfig = { ...servers.config, ports: { ...servers.config.ports, ...ports } };
  await saveConfig(layout, config);
  try {
    return await launch(layout, { ...servers, config }, ports, options);
  } catch (error) {
    const isNotReady = error instanceof LocalError && error.code === 'NOT_READY';
    if (!isNotReady || (await areFree(ports))) throw error;
    const again = await assignPorts(config, { ui: options.ui === true });
    const changed: LocalConfig = { ...config, ports: { ...config.ports, ...again } };
    await saveConfig(layout, changed);
    return launch(layout, { ...servers, config: changed }, again, options);
  }
}

async function launch(
  layout: DataDirLayout,
  { config, temporal, minio }: PreparedServers,
  ports: AssignedPorts,
  options: StartOptions,
): Promise<LocalServices> {
  const report = reporterFor('servers', options.onProgress);
  const deadlineMs = options.readyTimeoutMs ?? DEFAULT_READY_TIMEOUT_MS;
  const limits = { deadlineMs, signal: options.signal };
  const uiUrl = ports.temporalUi === undefined ? undefined : loopbackUrl(ports.temporalUi);
  const endpoints = endpointsOf(layout, config, { port: ports.temporal, uiUrl });
  const supervisor = spawnSupervisor(layout);
  try {
    const store = minio === undefined ? [] : [minioProcess(minio, layout, config, ports.s3)];
    await supervisor.start([temporalProcess(temporal, layout, ports), ...store], limits);
    await prepareNamespace(endpoints.temporal, deadlineMs);
    report(`ready: temporal ${endpoints.temporal.address}, store ${describeStore(endpoints)}`);
    const processes = (await options.processes?.(endpoints)) ?? [];
    if (processes.length > 0) await supervisor.start(processes, limits);
    if (options.mode === 'detached') supervisor.detach();
    return ownedServices(endpoints, supervisor, limits);
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

function ownedServices(
  endpoints: LocalEndpoints,
  supervisor: SupervisorClient,
  limits: { readonly deadlineMs: number },
): LocalServices {
  return {
    ...endpoints,
    owned: true,
    start: (processes) => supervisor.start(processes, { deadlineMs: limits.deadlineMs }),
    stop: () => supervisor.stop(),
  };
}

function describeStore({ store }: LocalEndpoints): string {
  return store.kind === 's3' ? store.endpoint : `${store.root} (files, not write-once)`;
}

async function areFree(ports: AssignedPorts): Promise<boolean> {
  const free = await Promise.all(Object.values(ports).map((port: number) => isPortFree(port)));
  return free.every(Boolean);
}
