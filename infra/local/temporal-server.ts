import { setTimeout as sleep } from 'node:timers/promises';
import { msToTs, optionalTsToMs } from '@temporalio/common/lib/time.js';
import { SEARCH_ATTRIBUTES } from '../../policies/index.js';
import type { FoundBinary } from './binary-cache.js';
import type { DataDirLayout } from './data-dir.js';
import { LocalError } from './errors.js';
import type { ManagedProcess } from './managed-process.js';
import { LOOPBACK, loopbackUrl } from './ports.js';
import { NAMESPACE, type TemporalEndpoint } from './services.js';

export interface TemporalPorts {
  readonly temporal: number;
  readonly temporalHttp: number;
  readonly temporalMetrics: number;
  readonly temporalUi?: number | undefined;
}

/** How long closed workflows stay readable; the server's own default is one day. */
const RETENTION_DAYS = 90;

/** temporal.api.enums.v1.IndexedValueType */
const KEYWORD = 2;

const RETRY_MS = 100;
const CALL_LIMIT_MS = 5_000;

/**
 * The development server on loopback with SQLite. The defaults cost about 50 ms a hop; a faster transfer queue and a
 * write-ahead log take it to about 20. That log may lose the last commits when the power fails, not on a kill.
 */
export function temporalProcess(
  binary: FoundBinary,
  layout: DataDirLayout,
  ports: TemporalPorts,
): ManagedProcess {
  const ui =
    ports.temporalUi === undefined
      ? ['--headless']
      : ['--ui-ip', LOOPBACK, '--ui-port', String(ports.temporalUi)];
  return {
    name: 'temporal',
    command: binary.path,
    args: [
      ...['server', 'start-dev', '--ip', LOOPBACK, '--port', String(ports.temporal)],
      ...['--http-port', String(ports.temporalHttp)],
      ...['--metrics-port', String(ports.temporalMetrics)],
      ...['--db-filename', layout.temporalDb, '--namespace', NAMESPACE],
      ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=1'],
      ...['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=500'],
      ...['--log-level', 'warn', '--disable-config-file', '--disable-config-env'],
      ...ui,
    ],
    env: {},
    readiness: { kind: 'tcp', port: ports.temporal },
    port: ports.temporal,
    version: binary.version,
    ...(ports.temporalUi === undefined ? {} : { url: loopbackUrl(ports.temporalUi) }),
  };
}

/**
 * Waits until the namespace exists, sets how long closed workflows are kept and registers the search
 * attributes, without which the server refuses the workflows' marks.
 * @throws LocalError `NOT_READY` after `deadlineMs` milliseconds.
 */
export async function prepareNamespace(
  endpoint: TemporalEndpoint,
  deadlineMs: number,
): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    try {
      await setRetention(endpoint);
      await registerSearchAttributes(endpoint);
      return;
    } catch (error) {
      if (Date.now() >= deadline) {
        throw new LocalError(
          'NOT_READY',
          `Temporal at ${endpoint.address} did not offer namespace ${endpoint.namespace} within ${String(deadlineMs)} ms.`,
          { cause: error },
        );
      }
      await sleep(RETRY_MS);
    }
  }
}

/** Whether the server answers for its namespace. */
export async function isTemporalReachable(endpoint: TemporalEndpoint): Promise<boolean> {
  try {
    await withServices(endpoint, (service) =>
      service.workflowService.describeNamespace({ namespace: endpoint.namespace }),
    );
    return true;
  } catch {
    return false;
  }
}

async function setRetention({ address, namespace }: TemporalEndpoint): Promise<void> {
  const retentionMs = RETENTION_DAYS * 24 * 3600 * 1000;
  await withServices({ address, namespace }, async ({ workflowService: service }) => {
    const { config } = await service.describeNamespace({ namespace });
    if (optionalTsToMs(config?.workflowExecutionRetentionTtl) === retentionMs) return;
    await service.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: msToTs(retentionMs) },
    });
  });
}

async function registerSearchAttributes({ address, namespace }: TemporalEndpoint): Promise<void> {
  await withServices({ address, namespace }, async ({ operatorService }) => {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    const missing = Object.values(SEARCH_ATTRIBUTES).filter((name) => !(name in customAttributes));
    if (missing.length === 0) return;
    const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]));
    await operatorService.addSearchAttributes({ namespace, searchAttributes });
  });
}

type Connection = import('@temporalio/client').Connection;

async function withServices(
  endpoint: TemporalEndpoint,
  work: (connection: Connection) => Promise<unknown>,
): Promise<void> {
  // Loaded when needed: status of a stopped installation should not wait for gRPC.
  const { Connection } = await import('@temporalio/client');
  const connection = await Connection.connect({
    address: endpoint.address,
    connectTimeout: CALL_LIMIT_MS,
  });
  try {
    await connection.withDeadline(Date.now() + CALL_LIMIT_MS, () => work(connection));
  } finally {
    await connection.close();
  }
}
