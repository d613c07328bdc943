/** One line of what is going on; `elapsedMs` counts from the beginning of that component's work. */
export interface LocalProgress {
  readonly component: string;
  readonly message: string;
  readonly elapsedMs: number;
}

export type ProgressListener = (progress: LocalProgress) => void;

export type Report = (message: string) => void;

/** A function that reports messages of one component with the time since this call. */
export function reporterFor(component: string, onProgress: ProgressListener | undefined): Report {
  const began = Date.now();
  return (message) => {
    onProgress?.({ component, message, elapsedMs: Date.now() - began });
  };
}

/** Lets through at most one message per `intervalMs`. */
export function throttled(report: Report, intervalMs: number): Report {
  let last = 0;
  return (message) => {
    if (Date.now() - last < intervalMs) return;
    last = Date.now();
    report(message);
  };
}
