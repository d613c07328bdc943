import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { log } from '@temporalio/activity';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { createActivities, openCheckpoints, type ActivityDeps } from './activities/index.js';
import {
  probeEnvironment,
  startInferenceThread,
  startTrainingThread,
} from './infra/compute/index.js';
import {
  codeVersion,
  createModelCache,
  environmentFacts,
  openStores,
  type Stores,
} from './infra/runtime/index.js';
import { openTagger } from './infra/redaction/index.js';
import {
  ServersError,
  connectServers,
  keepReadyFile,
  readWorkerSettings,
  temporalConnection,
  type WorkerSettings,
} from './infra/servers/index.js';
import { fingerprintDirectory, openSourceStore, sourceS3Options } from './infra/sources/index.js';
import { openTelemetry, type Telemetry } from './infra/telemetry/index.js';

/** The ports of every activity, joined here and nowhere else. */
function compose(
  dataDir: string,
  stores: Stores,
  worker: string,
  telemetry: Telemetry,
): ActivityDeps {
  const artifacts = telemetry.store(stores.artifacts);
  return {
    artifacts,
    registry: stores.registry,
    people: stores.people,
    runtime: {
      artifacts,
      memo: stores.memo,
      documents: stores.documents,
      ledger: telemetry.ledger(stores.ledger),
      observer: telemetry.observer,
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
      openTagger,
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

/** What every task queue's worker of this process shares. */
function workerOptions({ graceMs, deployment, versioning }: WorkerSettings) {
  return {
    maxHeartbeatThrottleInterval: '1 second',
    defaultHeartbeatThrottleInterval: '1 second',
    // SIGTERM: polling stops, activities may end within the grace and are cancelled after it; what
    // ignores that is given up a little later, and its next attempt runs on another worker.
    shutdownGraceTime: graceMs,
    shutdownForceTime: graceMs + 15_000,
    ...(deployment === undefined
      ? {}
      : {
          workerDeploymentOptions: {
            version: { deploymentName: deployment.name, buildId: deployment.buildId },
            useWorkerVersioning: true,
            defaultVersioningBehavior: versioning,
          },
        }),
  } as const satisfies Partial<WorkerOptions>;
}

/** Opens the installation in a data directory and works on its queues until told to stop. */
async function main(): Promise<void> {
  const codePath = fileURLToPath(new URL('./workflows/bundle.js', import.meta.url));
  const settings = readWorkerSettings(process.argv.slice(2), process.env, await readFile(codePath));
  const { dataDir } = settings;
  // Before the first connection: Temporal's Runtime is made once.
  const telemetry = await openTelemetry(settings.telemetry, process.env);
  const services = await connectServers({ dataDir, file: settings.servers });
  const identity = `${hostname()}-${String(process.pid)}`;
  const stores = await openStores(dataDir, services.store);
  const activities = createActivities(compose(dataDir, stores, identity, telemetry));
  const connection = await NativeConnection.connect(temporalConnection(services.temporal));
  const workers = await Promise.all(
    [...settings.queues].map(([taskQueue, maxConcurrentActivityTaskExecutions]) =>
      Worker.create({
        ...workerOptions(settings),
        ...telemetry.workerOptions,
        connection,
        namespace: services.temporal.namespace,
        identity: `${identity}@${taskQueue}`,
        taskQueue,
        activities,
        maxConcurrentActivityTaskExecutions,
        // Every queue serves activities; only control needs the workflow bundle.
        ...(taskQueue === 'control' ? { workflowBundle: { codePath } } : {}),
      }),
    ),
  );
  const running = Promise.all(workers.map((worker) => worker.run()));
  telemetry.logger.write('info', 'workerReady');
  const isPolling = (): boolean => workers.every((worker) => worker.getState() === 'RUNNING');
  const endReady = keepReadyFile(settings.readyFile, identity, isPolling);
  try {
    await running;
  } finally {
    endReady();
  }
  await connection.close();
  await stores.close();
  telemetry.logger.write('info', 'workerEnded');
  await telemetry.close();
}

try {
  await main();
} catch (error) {
  // Words of ours say what to do; of anything else the trace does.
  if (!(error instanceof ServersError)) throw error;
  process.stderr.write(`worker: ${error.message} [${error.code}]\n`);
  process.exitCode = 2;
}
