import type { ProcessIdentity } from './process-identity.js';

/** How a supervised process shows that it can be used. */
export type Readiness =
  | { readonly kind: 'http'; readonly url: string; readonly port: number }
  /** It accepts connections on loopback. */
  | { readonly kind: 'tcp'; readonly port: number }
  /** It creates this file; the supervisor removes an old one before each start. */
  | { readonly kind: 'file'; readonly path: string }
  /** It is still alive after so many milliseconds. */
  | { readonly kind: 'alive'; readonly afterMs: number };

/** A program that the supervisor keeps running. */
export interface ManagedProcess {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to a small base environment (PATH, HOME, locale, proxies, certificates); nothing else is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly readiness: Readiness;
  readonly cwd?: string;
  /** For status. */
  readonly port?: number;
  /** For status. */
  readonly version?: string;
  /** For status: a page for people. */
  readonly url?: string;
  /** Milliseconds between SIGTERM and SIGKILL when it is stopped; default 10,000. */
  readonly stopTimeoutMs?: number;
  /** Unexpected ends in a row after which it is given up; default 5. */
  readonly maxRestarts?: number;
}

export type ComponentHealth =
  | 'starting'
  | 'ready'
  /** It ended unexpectedly and is about to be started again. */
  | 'restarting'
  /** Given up after too many unexpected ends. */
  | 'failed'
  | 'stopped';

/** What the supervisor records of a process. */
export interface ComponentState {
  readonly name: string;
  readonly process?: ProcessIdentity;
  readonly readiness: Readiness;
  readonly port?: number;
  readonly version?: string;
  readonly url?: string;
  /** RFC 3339 time of the last start. */
  readonly since: string;
  readonly health: ComponentHealth;
  readonly restarts: number;
  /** Exit status or signal of the last unexpected end. */
  readonly lastExit?: string;
  readonly log: string;
}

/** Contents of state.json; written by the supervisor only. */
export interface SupervisorState {
  readonly version: 1;
  readonly supervisor: ProcessIdentity;
  readonly mode: 'foreground' | 'detached';
  readonly startedAt: string;
  readonly components: readonly ComponentState[];
}

/**
 * What the supervisor reads on its standard input, one JSON text a line. End of file without `detach` means that the
 * parent is gone, and everything is stopped.
 */
export type SupervisorMessage =
  | { readonly type: 'start'; readonly processes: readonly ManagedProcess[] }
  | { readonly type: 'detach' }
  | { readonly type: 'stop' };
