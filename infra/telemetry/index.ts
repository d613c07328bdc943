export { LOG_LEVELS, openLogger, type Logger } from './logger.js';
export {
  isLogLevel,
  parseEndpoint,
  telemetryEnvironment,
  type TelemetrySettings,
} from './settings.js';
export { openTelemetry, type Telemetry } from './telemetry.js';
