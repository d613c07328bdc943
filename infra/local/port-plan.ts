import type { LocalConfig, PortName } from './config.js';
import { chooseFreePort } from './ports.js';

export interface AssignedPorts {
  readonly temporal: number;
  readonly temporalHttp: number;
  readonly temporalMetrics: number;
  readonly s3: number;
  readonly temporalUi?: number;
}

/** A free port for each listener, the one of last time where it is still free. */
export async function assignPorts(
  config: LocalConfig,
  options: { readonly ui: boolean },
): Promise<AssignedPorts> {
  const taken = new Set<number>();
  const assign = async (name: PortName): Promise<number> => {
    const port = await chooseFreePort(config.ports[name], taken);
    taken.add(port);
    return port;
  };
  return {
    temporal: await assign('temporal'),
    temporalHttp: await assign('temporalHttp'),
    temporalMetrics: await assign('temporalMetrics'),
    s3: await assign('s3'),
    ...(options.ui ? { temporalUi: await assign('temporalUi') } : {}),
  };
}
