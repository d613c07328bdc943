export type { Logger } from './logger.js';
export { openSupervisorLog, openTelemetry } from './open.js';
export {
  isLogLevel,
  LOG_LEVELS,
  parseEndpoint,
  telemetryEnvironment,
  type TelemetrySettings,
} from './settings.js';
export type { Telemetry } from './telemetry.js';
