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
function backoffMs(restart: number): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** (restart - 1), LONGEST_BACKOFF_MS);
}

/** Starts a process and keeps it running; `onChange` is called at each change of its state. */
export function runChild(spec: ManagedProcess, logFile: string, onChange: () => void): ChildRunner {
  const run: Run = {
    spec,
    logFile,
    onChange,
    stopping: new AbortController(),
    health: 'starting',
    since: new Date(),
    restarts: 0,
  };
  const finished = keepRunning(run);
  return {
    state: () => stateOf(run),
    async stop() {
      run.stopping.abort();
      run.child?.kill('SIGTERM');
      const limitMs = spec.stopTimeoutMs ?? DEFAULT_STOP_TIMEOUT_MS;
      const killer = setTimeout(() => run.child?.kill('SIGKILL'), limitMs);
      await finished;
      clearTimeout(killer);
    },
  };
}

interface Run {
  readonly spec: ManagedProcess;
  readonly logFile: string;
  readonly onChange: () => void;
  readonly stopping: AbortController;
  child?: ChildProcess | undefined;
  identity?: ProcessIdentity | undefined;
  health: ComponentHealth;
  since: Date;
  restarts: number;
  lastExit?: string;
}

async function keepRunning(run: Run): Promise<void> {
  const { signal } = run.stopping;
  for (;;) {
    await runOnce(run);
    if (signal.aborted) break;
    run.restarts = Date.now() - run.since.getTime() > STABLE_MS ? 1 : run.restarts + 1;
    if (run.restarts > (run.spec.maxRestarts ?? DEFAULT_MAX_RESTARTS)) {
      become(run, 'failed');
      return;
    }
    become(run, 'restarting');
    await sleep(backoffMs(run.restarts), undefined, { signal }).catch(() => undefined);
    if (wasAborted(signal)) break;
  }
  become(run, 'stopped');
}

async function runOnce(run: Run): Promise<void> {
  run.since = new Date();
  const child = spawnLogged(run.spec, run.logFile);
  const ended = whenEnded(child);
  run.child = child;
  run.identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
  become(run, 'starting');
  if (child.pid !== undefined) void probeUntilReady(run, child, child.pid);
  run.lastExit = await ended;
  run.child = undefined;
  run.identity = undefined;
}

async function probeUntilReady(run: Run, child: ChildProcess, pid: number): Promise<void> {
  while (run.child === child && !run.stopping.signal.aborted) {
    if (await isReady(run.spec.readiness, pid, Date.now() - run.since.getTime())) {
      if (run.child === child) become(run, 'ready');
      return;
    }
    await sleep(PROBE_INTERVAL_MS);
  }
}

function become(run: Run, health: ComponentHealth): void {
  run.health = health;
  run.onChange();
}

function stateOf({ spec, identity, lastExit, ...run }: Run): ComponentState {
  return {
    name: spec.name,
    readiness: spec.readiness,
    since: run.since.toISOString(),
    health: run.health,
    restarts: run.restarts,
    log: run.logFile,
    ...(identity === undefined ? {} : { process: identity }),
    ...(spec.port === undefined ? {} : { port: spec.port }),
    ...(spec.version === undefined ? {} : { version: spec.version }),
    ...(spec.url === undefined ? {} : { url: spec.url }),
    ...(lastExit === undefined ? {} : { lastExit }),
  };
}

function wasAborted(signal: AbortSignal): boolean {
  return signal.aborted;
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
