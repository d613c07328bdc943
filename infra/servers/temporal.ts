import type { LocalEndpoints } from '../local/index.js';

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
