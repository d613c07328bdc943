import { join } from 'node:path';
import { writeJsonAtomic } from './atomic-file.js';
import { type ChildRunner, runChild } from './child-runner.js';
import type { DataDirLayout } from './data-dir.js';
import type { ManagedProcess, SupervisorState } from './managed-process.js';
import type { ProcessIdentity } from './process-identity.js';

/** Runs processes in batches and records them in the state file. */
export interface Supervision {
  start(processes: readonly ManagedProcess[]): void;
  detach(): void;
  /** Ends everything, the last batch first; resolves when all is gone and recorded. */
  stop(): Promise<void>;
}

/** Begins an empty supervision under `self`, the identity of the supervising process. */
export function superviseIn(layout: DataDirLayout, self: ProcessIdentity): Supervision {
  const batches: (readonly ChildRunner[])[] = [];
  const startedAt = new Date().toISOString();
  let mode: SupervisorState['mode'] = 'foreground';
  let writing: Promise<void> = Promise.resolve();

  const currentState = (): SupervisorState => ({
    version: 1,
    supervisor: self,
    mode,
    startedAt,
    components: batches.flat().map((runner) => runner.state()),
  });
  // One write after another, each with the state of its own moment. A full disk must not end the servers.
  const record = (): void => {
    writing = writing
      .then(() => writeJsonAtomic(layout.stateFile, currentState()))
      .catch(() => undefined);
  };
  record();

  return {
    start(processes) {
      const batch: ChildRunner[] = [];
      batches.push(batch);
      for (const spec of processes) {
        batch.push(runChild(spec, join(layout.logsDir, `${spec.name}.log`), record));
      }
      record();
    },
    detach() {
      mode = 'detached';
      record();
    },
    async stop() {
      for (const batch of batches.toReversed()) {
        await Promise.all(batch.map((runner) => runner.stop()));
      }
      record();
      await writing;
    },
  };
}
