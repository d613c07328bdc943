import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import { SEARCH_ATTRIBUTES } from '../../policies/index.js';
import type { LocalEndpoints } from '../local/index.js';

const CALL_LIMIT_MS = 5_000;

/** What both of the SDK's connections take to reach the front end of an endpoint. */
export function temporalConnection({
  address,
  tls,
  apiKey,
}: LocalEndpoints['temporal']): Pick<LocalEndpoints['temporal'], 'address' | 'tls' | 'apiKey'> {
  return {
    address,
    ...(tls === undefined ? {} : { tls }),
    ...(apiKey === undefined ? {} : { apiKey }),
  };
}

export interface TemporalFacts {
  readonly version: string;
  /** Milliseconds for which closed workflows stay readable. */
  readonly retentionMs: number;
  /** Search attributes that the namespace lacks; undefined where they may not be listed. */
  readonly missingAttributes: readonly string[] | undefined;
}

/** What a server says of itself and of its namespace. */
export async function describeTemporal(
  temporal: LocalEndpoints['temporal'],
): Promise<TemporalFacts> {
  const { Connection } = await import('@temporalio/client');
  const connection = await Connection.connect({
    ...temporalConnection(temporal),
    connectTimeout: CALL_LIMIT_MS,
  });
  try {
    return await connection.withDeadline(Date.now() + CALL_LIMIT_MS, async () => {
      const { workflowService } = connection;
      const { serverVersion } = await workflowService.getSystemInfo({});
      const { config } = await workflowService.describeNamespace({
        namespace: temporal.namespace,
      });
      const attributes = await connection.operatorService
        .listSearchAttributes({ namespace: temporal.namespace })
        .then(({ customAttributes }) => Object.keys(customAttributes))
        .catch(() => undefined);
      return {
        version: serverVersion,
        retentionMs: optionalTsToMs(config?.workflowExecutionRetentionTtl) ?? 0,
        missingAttributes:
          attributes &&
          Object.values(SEARCH_ATTRIBUTES).filter((name) => !attributes.includes(name)),
      };
    });
  } finally {
    await connection.close();
  }
}
