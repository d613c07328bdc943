export { ServersError } from './errors.js';
export { checkServers } from './check-servers.js';
export { configuredServers, connectServers } from './connect.js';
export { describeTemporal, temporalConnection } from './temporal.js';
export { keepReadyFile } from './ready-file.js';
export { readWorkerSettings, type WorkerSettings } from './worker-options.js';
