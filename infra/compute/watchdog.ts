/** A stall is this many checks in a row without a beat: counting checks, not time, keeps a process that was paused from blaming its thread. */
const CHECKS = 10;

export interface Watched {
  /** A count that grows with progress. */
  readonly beats: () => number;
  /** False while there is nothing to be done or the thread waits for its host. */
  readonly isBusy: () => boolean;
  readonly stallMs: number;
  /** Called once, when a busy thread has shown no progress for about `stallMs`. */
  readonly onStall: () => void;
}

/** Watches a thread's progress. @returns ends the watch */
export function watchProgress({ beats, isBusy, stallMs, onStall }: Watched): () => void {
  let seen = beats();
  let still = 0;
  const timer = setInterval(() => {
    const now = beats();
    still = now === seen && isBusy() ? still + 1 : 0;
    seen = now;
    if (still < CHECKS) return;
    clearInterval(timer);
    onStall();
  }, stallMs / CHECKS);
  return () => {
    clearInterval(timer);
  };
}
