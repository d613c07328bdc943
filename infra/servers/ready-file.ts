import { rmSync, writeFileSync } from 'node:fs';

/** Milliseconds between two looks: a health check may take a file older than a minute for a dead worker. */
const INTERVAL_MS = 2_000;

/**
 * Writes `path` again and again while `isPolling` holds, and removes it as soon as it does not, so
 * that a health check needs no port. The returned function ends it.
 */
export function keepReadyFile(path: string, text: string, isPolling: () => boolean): () => void {
  const look = (): void => {
    try {
      if (isPolling()) writeFileSync(path, text, { mode: 0o600 });
      else rmSync(path, { force: true });
    } catch {
      // A full disk makes the worker look unhealthy, which it is; it must not end it.
    }
  };
  look();
  const timer = setInterval(look, INTERVAL_MS);
  return () => {
    clearInterval(timer);
    rmSync(path, { force: true });
  };
}
