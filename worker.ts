import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { log } from '@temporalio/activity';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createActivities, openCheckpoints, type ActivityDeps } from './activities/index.js';
import {
  probeEnvironment,
  startInferenceThread,
  startTrainingThread,
} from './infra/compute/index.js';
import { connectLocal } from './infra/local/index.js';
import {
  codeVersion,
  createModelCache,
  environmentFacts,
  openStores,
  type Stores,
} from './infra/runtime/index.js';
import { fingerprintDirectory, openSourceStore, sourceS3Options } from './infra/sources/index.js';
import type { TaskQueue } from './policies/index.js';

/** Queue -> activities at once. Training wants the machine for itself. */
const QUEUES: Readonly<Record<TaskQueue, number>> = { control: 8, records: 2, train: 1 };

function isQueue(name: string): name is TaskQueue {
  return name in QUEUES;
}

/** The ports of every activity, joined here and nowhere else. */
function compose(dataDir: string, stores: Stores, worker: string): ActivityDeps {
  const { artifacts } = stores;
  return {
    artifacts,
    registry: stores.registry,
    people: stores.people,
    runtime: {
      artifacts,
      memo: stores.memo,
      documents: stores.documents,
      ledger: stores.ledger,
      signer: stores.worker,
      trustedKeys: stores.trustedKeys,
      now: () => new Date(),
      randomBytes,
      worker,
      codeVersion: codeVersion(),
      environment: environmentFacts(),
    },
    ports: {
      probe: probeEnvironment,
      train: startTrainingThread,
      infer: startInferenceThread,
      materialize: createModelCache(join(dataDir, 'cache', 'models')),
    },
    checkpoints: openCheckpoints({
      artifacts,
      documents: stores.checkpoints,
      signer: stores.worker,
      trustedKeys: stores.trustedKeys,
      warn: (message, facts) => {
        log.warn(message, facts);
      },
    }),
    sources: openSourceStore(sourceS3Options(process.env)),
    readFile: (path) => readFile(path),
    fingerprintDirectory,
  };
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
  const services = await connectLocal(dataDir);
  const identity = `${hostname()}-${String(process.pid)}`;
  const stores = await openStores(dataDir, services.store);
  const activities = createActivities(compose(dataDir, stores, identity));
  const connection = await NativeConnection.connect({ address: services.temporal.address });
  const codePath = fileURLToPath(new URL('./workflows/bundle.js', import.meta.url));
  const workers = await Promise.all(
    values.queues
      .split(',')
      .filter(isQueue)
      .map((taskQueue) =>
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
          ...(taskQueue === 'control' ? { workflowBundle: { codePath } } : {}),
        }),
      ),
  );
  const running = Promise.all(workers.map((worker) => worker.run()));
  await writeFile(values.ready ?? join(dataDir, 'worker.ready'), identity);
  await running;
  await connection.close();
  await stores.close();
}

await main();
