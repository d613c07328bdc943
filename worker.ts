import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createActivities } from './activities/index.js';
import { connectLocal } from './infra/local/index.js';
import { createWorkerDeps } from './infra/runtime/index.js';
import type { TaskQueue } from './policies/index.js';

const QUEUES: Readonly<Record<TaskQueue, number>> = { control: 8, records: 2, train: 1 };

function isQueue(name: string): name is TaskQueue {
  return name in QUEUES;
}

/** Opens the installation in a data directory and works on the given queues until told to stop. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'data-dir': { type: 'string' },
      queues: { type: 'string', default: Object.keys(QUEUES).join(',') },
      ready: { type: 'string' },
    },
  });
  const dataDir = values['data-dir'] ?? process.env['CUSTOS_HOME'] ?? '.custos';
  const queues = values.queues.split(',').filter(isQueue);
  const services = await connectLocal(dataDir);
  const identity = `${hostname()}-${String(process.pid)}`;
  const deps = await createWorkerDeps(dataDir, services.store, identity);
  const activities = createActivities(deps);
  const connection = await NativeConnection.connect({ address: services.temporal.address });
  const workers = await Promise.all(
    queues.map((taskQueue) =>
      Worker.create({
        connection,
        namespace: services.temporal.namespace,
        identity: `${identity}@${taskQueue}`,
        taskQueue,
        activities,
        maxConcurrentActivityTaskExecutions: QUEUES[taskQueue],
        maxHeartbeatThrottleInterval: '1 second',
        defaultHeartbeatThrottleInterval: '1 second',
        shutdownGraceTime: '5 seconds',
        // Every queue serves activities; only control needs the workflow bundle.
        ...(taskQueue === 'control'
          ? { workflowBundle: { codePath: fileURLToPath(new URL('./workflows/bundle.js', import.meta.url)) } }
          : {}),
      }),
    ),
  );
  const running = Promise.all(workers.map((worker) => worker.run()));
  await writeFile(values.ready ?? join(dataDir, 'worker.ready'), identity);
  await running;
  await connection.close();
  await deps.close();
}

await main();
