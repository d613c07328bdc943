import { Runtime, type WorkerOptions } from '@temporalio/worker';
import type { Ledger } from '../../domain/lineage/index.js';
import { observeActivities, type ActivityObserver } from './activity-observer.js';
import { openLogger, type Logger } from './logger.js';
import { measured, type Gauges } from './measured.js';
import { serveMetrics } from './metrics-server.js';
import type { TelemetrySettings } from './settings.js';
import type { Tracing } from './tracing.js';

/** Method names of an artifact store that are worth a figure; `stream` gives its bytes later. */
const STORE = ['put', 'putFile', 'get', 'getRange', 'has', 'erase'] as const;
const LEDGER = ['append', 'proof', 'checkpoint'] as const;

type Measurable = Readonly<Record<(typeof STORE)[number], (...args: never[]) => Promise<unknown>>>;

export interface Telemetry {
  readonly logger: Logger;
  readonly observer: Pick<ActivityObserver, 'done' | 'beat'>;
  /** For every worker of this process. */
  readonly workerOptions: Pick<WorkerOptions, 'interceptors' | 'sinks'>;
  store<T extends Measurable>(artifacts: T): T;
  ledger(ledger: Ledger): Ledger;
  close(): Promise<void>;
}

function installRuntime(logger: Logger, { log, temporalMetrics }: TelemetrySettings): void {
  Runtime.install({
    logger: logger.temporal,
    telemetryOptions: {
      logging: {
        forward: {},
        filter: log.level === 'silent' ? 'OFF' : { core: 'WARN', other: 'ERROR' },
      },
      ...(temporalMetrics === undefined
        ? {}
        : {
            metrics: {
              prometheus: {
                bindAddress: `${temporalMetrics.host}:${String(temporalMetrics.port)}`,
              },
            },
          }),
    },
  });
}

const isTraced = ({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: NodeJS.ProcessEnv): boolean =>
  endpoint !== undefined && endpoint !== '';

// Loaded when needed: without a collector no worker pays for it.
const tracingOf = async (env: NodeJS.ProcessEnv): Promise<Tracing | undefined> =>
  isTraced(env) ? (await import('./tracing.js')).openTracing() : undefined;

// The bundled interceptors call this sink whether or not spans go anywhere.
const NO_SPANS = { exporter: { export: { fn: () => undefined } } };

/** What `openTelemetry` gives. */
export async function joinTelemetry(
  settings: TelemetrySettings,
  env: NodeJS.ProcessEnv,
): Promise<Telemetry> {
  const logger = openLogger('worker', settings.log);
  installRuntime(logger, settings);
  const observer = observeActivities(logger);
  const tracing = await tracingOf(env);
  const { metrics } = observer;
  const endServing =
    settings.metrics === undefined
      ? undefined
      : await serveMetrics(metrics.registry, settings.metrics);
  const store: Gauges = { room: 'store', seconds: metrics.storeSeconds, tracing };
  const ledger: Gauges = { room: 'ledger', seconds: metrics.ledgerSeconds, tracing };
  return {
    logger,
    observer,
    workerOptions: {
      interceptors: {
        activity: [...(tracing === undefined ? [] : [tracing.activity]), observer.interceptor],
      },
      sinks: tracing?.sinks ?? NO_SPANS,
    },
    store: (artifacts) => measured(artifacts, STORE, store),
    ledger: (log) => measured(log, LEDGER, ledger),
    close: async () => {
      endServing?.();
      await tracing?.close();
      logger.close();
    },
  };
}
