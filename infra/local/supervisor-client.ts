import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { unrefStream } from './unref-stream.js';
import { baseEnvironment } from './base-environment.js';
import type { DataDirLayout } from './data-dir.js';
import { entryPath } from './entry-path.js';
import { LocalError } from './errors.js';
import { openLog } from './log-file.js';
import type { ComponentState, ManagedProcess, SupervisorMessage } from './managed-process.js';
import { identifyProcess, type ProcessIdentity } from './process-identity.js';
import { endProcesses, waitUntilGone } from './process-end.js';
import { findComponent, readRunningState } from './supervisor-state.js';

/** The supervisor that this process has started. While this object lives undetached, so do the servers. */
export interface SupervisorClient {
  /** Starts processes and waits until each is ready. @throws LocalError `NOT_READY`, `SUPERVISOR_FAILED` or `CANCELLED`. */
  start(processes: readonly ManagedProcess[], limits: WaitLimits): Promise<void>;
  /** Leaves the supervisor to itself. */
  detach(): void;
  stop(): Promise<void>;
}

export interface WaitLimits {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

const POLL_MS = 40;
const STOP_LIMIT_MS = 40_000;

/** Starts a supervisor for a data directory, in a process group of its own. @throws LocalError `SUPERVISOR_FAILED`. */
export function spawnSupervisor(layout: DataDirLayout): SupervisorClient {
  const { child, identity } = spawnEntry(layout);
  let detached = false;
  const send = (message: SupervisorMessage): void => {
    child.stdin?.write(`${JSON.stringify(message)}\n`);
  };
  return {
    async start(processes, limits) {
      if (detached) {
        throw new LocalError(
          'SUPERVISOR_FAILED',
          'The servers run detached: run "custos down", then "custos up".',
        );
      }
      send({ type: 'start', processes });
      for (const { name } of processes) await waitForComponent(layout, identity, name, limits);
    },
    detach() {
      detached = true;
      send({ type: 'detach' });
      child.stdin?.end();
    },
    async stop() {
      if (!detached) send({ type: 'stop' });
      else child.kill('SIGTERM');
      if (!(await waitUntilGone(identity, STOP_LIMIT_MS))) await endProcesses([identity]);
    },
  };
}

function spawnEntry(layout: DataDirLayout): {
  readonly child: ChildProcess;
  readonly identity: ProcessIdentity;
} {
  const entry = entryPath('supervisor');
  if (!existsSync(entry))
    throw new LocalError('SUPERVISOR_FAILED', `${entry} is missing: run "npm run build".`);
  const log = openLog(join(layout.logsDir, 'supervisor.log'));
  const child = spawn(process.execPath, [entry, layout.root], {
    cwd: layout.root,
    detached: true,
    env: baseEnvironment(process.env),
    stdio: ['pipe', log.descriptor, log.descriptor],
  });
  log.close();
  child.once('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
  if (identity === undefined) {
    throw new LocalError(
      'SUPERVISOR_FAILED',
      `Cannot start ${process.execPath} ${entry}; see ${layout.logsDir}.`,
    );
  }
  child.unref();
  unrefStream(child.stdin);
  return { child, identity };
}

/**
 * Waits until a supervised process is ready.
 * @throws LocalError `NOT_READY` when it was given up or took too long, `SUPERVISOR_FAILED` when that ended, `CANCELLED`.
 */
export async function waitForComponent(
  layout: DataDirLayout,
  supervisor: ProcessIdentity,
  name: string,
  { deadlineMs, signal }: WaitLimits,
): Promise<ComponentState> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    if (signal?.aborted === true)
      throw new LocalError('CANCELLED', `Cancelled while ${name} was starting.`);
    const state = await readRunningState(layout.stateFile);
    const ours = state?.supervisor.startId === supervisor.startId ? state : undefined;
    const component = ours === undefined ? undefined : findComponent(ours, name);
    if (component?.health === 'ready') return component;
    if (component?.health === 'failed') throw notReady(component, 'ended again and again');
    if (identifyProcess(supervisor.pid)?.startId !== supervisor.startId) {
      const log = join(layout.logsDir, 'supervisor.log');
      throw new LocalError(
        'SUPERVISOR_FAILED',
        `The supervisor ended while ${name} was starting; see ${log}.`,
      );
    }
    if (Date.now() >= deadline) {
      throw component === undefined
        ? new LocalError('NOT_READY', `${name} was not started within ${String(deadlineMs)} ms.`)
        : notReady(component, `was not ready within ${String(deadlineMs)} ms`);
    }
    await sleep(POLL_MS);
  }
}

function notReady(component: ComponentState, what: string): LocalError {
  const last = component.lastExit === undefined ? '' : ` (last: ${component.lastExit})`;
  return new LocalError('NOT_READY', `${component.name} ${what}${last}. Its log: ${component.log}`);
}
