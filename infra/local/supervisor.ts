import { createInterface } from 'node:readline';
import { openSupervisorLog, type Logger } from '../telemetry/index.js';
import { layoutOf } from './data-dir.js';
import type { SupervisorMessage } from './managed-process.js';
import { guardProcessGroup } from './process-group-guard.js';
import { identifyProcess } from './process-identity.js';
import { superviseIn } from './supervise.js';

// Run as: node supervisor.js <data directory>, leading a process group of its own; see SupervisorMessage for its input.
const [dataDir] = process.argv.slice(2);
const self = identifyProcess(process.pid);
if (dataDir === undefined || self === undefined) {
  console.error(
    'supervisor: needs a data directory, and a system that shows processes (/proc or ps)',
  );
  process.exit(2);
}
process.umask(0o077);
const guard = guardProcessGroup(process.pid);
const supervision = superviseIn(layoutOf(dataDir), self);
let detached = false;
let stopping = false;
let logger: Logger | undefined;

async function stopAll(reason: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  logger?.write('info', 'stopping', { reason });
  await supervision.stop();
  guard.release();
  process.exit(0);
}

function handle(message: SupervisorMessage): void {
  switch (message.type) {
    case 'start':
      if (!stopping) supervision.start(message.processes);
      return;
    case 'detach':
      detached = true;
      supervision.detach();
      return;
    case 'stop':
      void stopAll('asked by the parent');
  }
}

const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  handle(JSON.parse(line) as SupervisorMessage);
});
input.on('close', () => {
  if (!detached) void stopAll('the parent is gone');
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => void stopAll(signal));
}
// Nothing waits for the log: servers start and stop without it.
void openSupervisorLog().then(
  (log) => (logger = log),
  () => undefined,
);
// Keeps the process alive after a detach with no children left: down ends it.
setInterval(() => undefined, 60_000);
