import type { Endpoint } from './metrics-server.js';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogSettings {
  readonly level: LogLevel;
  /** Appended to; standard error without it. */
  readonly file?: string | undefined;
}

/** What a worker tells of itself, and to whom. */
export interface TelemetrySettings {
  readonly log: LogSettings;
  /** Where our own metrics are served; nowhere without it. */
  readonly metrics?: Endpoint | undefined;
  /** Where those of Temporal's SDK are. */
  readonly temporalMetrics?: Endpoint | undefined;
}

const LOOPBACK = '127.0.0.1';

export const isLogLevel = (text: string): text is LogLevel =>
  (LOG_LEVELS as readonly string[]).includes(text);

/** `9464` on loopback, or `HOST:9464`; undefined when it is neither. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const [, host = LOOPBACK, digits = ''] = /^(?:([\w.:[\]-]+):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  return digits === '' || port > 65_535 ? undefined : { host, port };
}

const PASSED_ON =
  /^(CUSTOS_WORKER_(LOG_LEVEL|LOG_FILE|METRICS|TEMPORAL_METRICS)|OTEL_EXPORTER_OTLP_[A-Z_]+)$/;

/** The variables by which an embedded worker is told, of an environment. */
export function telemetryEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && PASSED_ON.test(name) ? [[name, value]] : [],
    ),
  );
}
