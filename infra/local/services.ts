import type { LocalConfig, StoreKind } from './config.js';
import type { DataDirLayout } from './data-dir.js';
import type { ManagedProcess } from './managed-process.js';
import { LOOPBACK, loopbackUrl } from './ports.js';

/** Name of the Temporal namespace that is created and used. */
export const NAMESPACE = 'custos';

export interface TemporalEndpoint {
  /** Absent: in clear, as on loopback. */
  readonly tls?: {
    readonly serverRootCACertificate?: Buffer;
    readonly clientCertPair?: { readonly crt: Buffer; readonly key: Buffer };
    readonly serverNameOverride?: string;
  };
  readonly apiKey?: string;
  /** `host:port` of the gRPC front end. */
  readonly address: string;
  readonly namespace: string;
  /** Present when the web interface runs. */
  readonly uiUrl?: string;
}

export type StoreEndpoint =
  | {
      readonly kind: 's3';
      /** http:// or https:// URL. */
      readonly endpoint: string;
      /** PEM of the authority that signed its certificate; the system's own when absent. */
      readonly ca?: Buffer;
      readonly region?: string;
      readonly retentionDays?: number;
      readonly lockMode?: 'COMPLIANCE' | 'GOVERNANCE';
      readonly accessKey: string;
      readonly secretKey: string;
      readonly buckets: { readonly data: string; readonly evidence: string };
    }
  /** Plain files: not write-once. */
  | { readonly kind: 'files'; readonly root: string };

/** Where the servers of one data directory are reached. */
export interface LocalEndpoints {
  readonly dataDir: string;
  readonly temporal: TemporalEndpoint;
  readonly store: StoreEndpoint;
}

/** Running servers. */
export interface LocalServices extends LocalEndpoints {
  /** False when they were running before this call; then `stop` leaves them alone. */
  readonly owned: boolean;
  /**
   * Starts further processes under the same supervisor and waits until each is ready.
   * @throws LocalError `NOT_READY`, or `SUPERVISOR_FAILED` when the supervisor was left to itself or is not ours.
   */
  start(processes: readonly ManagedProcess[]): Promise<void>;
  /** Stops everything that this call started. */
  stop(): Promise<void>;
}

/** Endpoints as the configuration has them; its ports must have been chosen. */
export function endpointsOf(
  layout: DataDirLayout,
  config: LocalConfig,
  temporal: { readonly port: number; readonly uiUrl?: string | undefined },
): LocalEndpoints {
  return {
    dataDir: layout.root,
    temporal: {
      address: `${LOOPBACK}:${String(temporal.port)}`,
      namespace: NAMESPACE,
      ...(temporal.uiUrl === undefined ? {} : { uiUrl: temporal.uiUrl }),
    },
    store: storeEndpoint(layout, config, config.store ?? 'files'),
  };
}

function storeEndpoint(layout: DataDirLayout, config: LocalConfig, kind: StoreKind): StoreEndpoint {
  const port = config.ports.s3;
  if (kind === 'files' || port === undefined) return { kind: 'files', root: layout.filesStoreDir };
  return {
    kind: 's3',
    endpoint: loopbackUrl(port),
    accessKey: config.s3.accessKey,
    secretKey: config.s3.secretKey,
    buckets: config.buckets,
  };
}
