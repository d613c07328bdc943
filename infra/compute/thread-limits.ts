export interface ThreadLimits {
  /** A thread at work that shows no progress for this long is given up. */
  readonly stallMs: number;
  /** How long a stopped thread may take to notice before it is ended. */
  readonly stopGraceMs: number;
}

/**
 * A thread shows progress with every tensor it loads, every pass, batch and token. Half an hour is
 * more than one pass of 2048 tokens through seven billion parameters takes on two slow cores.
 */
export const DEFAULT_LIMITS: ThreadLimits = { stallMs: 30 * 60_000, stopGraceMs: 5_000 };
