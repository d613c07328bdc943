import type { Logger } from './logger.js';
import type { TelemetrySettings } from './settings.js';
import type { Telemetry } from './telemetry.js';

// Loaded when needed: a command that only reads settings must not wait for Temporal's native part.

/** Logs, metrics and traces of a worker process; to be opened before anything of Temporal's. */
export async function openTelemetry(
  settings: TelemetrySettings,
  env: NodeJS.ProcessEnv,
): Promise<Telemetry> {
  return (await import('./telemetry.js')).joinTelemetry(settings, env);
}

/** The supervisor's log, on its standard error. */
export async function openSupervisorLog(): Promise<Logger> {
  return (await import('./logger.js')).openLogger('supervisor', { level: 'info' });
}
