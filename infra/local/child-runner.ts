import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { baseEnvironment } from './base-environment.js';
import { openLog } from './log-file.js';
import type { ComponentHealth, ComponentState, ManagedProcess } from './managed-process.js';
import { identifyProcess, type ProcessIdentity } from './process-identity.js';
import { isReady } from './readiness.js';

/** One supervised process over its restarts. */
export interface ChildRunner {
  state(): ComponentState;
  /** Ends it and keeps it ended; resolves when it is gone. */
  stop(): Promise<void>;
}

const PROBE_INTERVAL_MS = 50;
const FIRST_BACKOFF_MS = 200;
const LONGEST_BACKOFF_MS = 5_000;
// A process that has been up for so long starts with a clean slate.
const STABLE_MS = 60_000;
const DEFAULT_STOP_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_RESTARTS = 5;

/** Milliseconds to wait before restart number `restart` (from 1). */
export function backoffMs(restart: number): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** (restart - 1), LONGEST_BACKOFF_MS);
}

/** Starts a process and keeps it running; `onChange` is called at each change of its state. */
export function runChild(spec: ManagedProcess, logFile: string, onChange: () => void): ChildRunner {
  let child: ChildProcess | undefined;
  let identity: ProcessIdentity | undefined;
  let health: ComponentHealth = 'starting';
  let since = new Date();
  let restarts = 0;
  let lastExit: string | undefined;
  const stopping = new AbortController();

  const become = (next: ComponentHealth): void => {
    health = next;
    onChange();
  };

  const probeUntilReady = async (running: ChildProcess, pid: number): Promise<void> => {
    while (child === running && !stopping.signal.aborted) {
      if (await isReady(spec.readiness, pid, Date.now() - since.getTime())) {
        if (child === running && health === 'starting') become('ready');
        return;
      }
      await sleep(PROBE_INTERVAL_MS);
    }
  };

  const runOnce = async (): Promise<void> => {
    since = new Date();
    const running = spawnLogged(spec, logFile);
    child = running;
    const ended = whenEnded(running);
    identity = running.pid === undefined ? undefined : identifyProcess(running.pid);
    become('starting');
    if (running.pid !== undefined) void probeUntilReady(running, running.pid);
    lastExit = await ended;
    child = undefined;
    identity = undefined;
  };

  const keepRunning = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await runOnce();
      if (stopping.signal.aborted) break;
      restarts = Date.now() - since.getTime() > STABLE_MS ? 1 : restarts + 1;
      if (restarts > (spec.maxRestarts ?? DEFAULT_MAX_RESTARTS)) {
        become('failed');
        return;
      }
      become('restarting');
      await sleep(backoffMs(restarts), undefined, { signal: stopping.signal }).catch(
        () => undefined,
      );
    }
    become('stopped');
  };
  const finished = keepRunning();

  return {
    state: () => ({
      name: spec.name,
      readiness: spec.readiness,
      since: since.toISOString(),
      health,
      restarts,
      log: logFile,
      ...(identity === undefined ? {} : { process: identity }),
      ...(spec.port === undefined ? {} : { port: spec.port }),
      ...(spec.version === undefined ? {} : { version: spec.version }),
      ...(spec.url === undefined ? {} : { url: spec.url }),
      ...(lastExit === undefined ? {} : { lastExit }),
    }),
    async stop() {
      stopping.abort();
      child?.kill('SIGTERM');
      const killer = setTimeout(
        () => child?.kill('SIGKILL'),
        spec.stopTimeoutMs ?? DEFAULT_STOP_TIMEOUT_MS,
      );
      await finished;
      clearTimeout(killer);
    },
  };
}

// The child stays in the supervisor's process group, which a watchdog ends with the supervisor.
function spawnLogged(spec: ManagedProcess, logFile: string): ChildProcess {
  if (spec.readiness.kind === 'file') rmSync(spec.readiness.path, { force: true });
  const log = openLog(logFile);
  try {
    return spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: { ...baseEnvironment(process.env), ...spec.env },
      stdio: ['ignore', log.descriptor, log.descriptor],
    });
  } finally {
    log.close();
  }
}

function whenEnded(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve('code' in error ? String(error.code) : 'cannot start');
    });
    child.once('exit', (status, signal) => {
      resolve(signal ?? `exit status ${String(status)}`);
    });
  });
}
