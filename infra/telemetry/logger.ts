import { pino, type DestinationStream } from 'pino';
import { errorFields, pickFields, type LogFields } from './log-fields.js';
import { EVENTS, listedMessage, type LogEvent } from './log-messages.js';
import type { LogLevel, LogSettings } from './settings.js';

type LineLevel = Exclude<LogLevel, 'silent'>;

type TemporalLevel = Uppercase<LineLevel>;
type Metadata = Readonly<Record<string | symbol, unknown>>;
type Write = (message: string, meta?: Metadata) => void;

/** The form that Temporal's Runtime takes. */
interface TemporalLogger extends Record<LineLevel, Write> {
  log(level: TemporalLevel, message: string, meta?: Metadata): void;
}

export interface Logger {
  write(level: LineLevel, event: LogEvent, fields?: LogFields, error?: unknown): void;
  /** For Temporal's Runtime and, through it, for the loggers of activities and workflows. */
  readonly temporal: TemporalLogger;
  close(): void;
}

/** Temporal's names for what our lines call otherwise. */
const RENAMED: Readonly<Record<string, string>> = {
  activityType: 'step',
  taskQueue: 'queue',
  sdkComponent: 'component',
  runId: 'executionId',
  workflowType: 'workflowType',
  state: 'workerState',
};

function temporalFields(meta: Metadata): LogFields {
  const named = Object.entries(meta).map(([name, value]) => [RENAMED[name] ?? name, value]);
  const fields = pickFields(Object.fromEntries(named) as Record<string, unknown>);
  return 'error' in meta ? { ...fields, ...errorFields(meta['error']) } : fields;
}

/**
 * JSON lines with the listed fields only, however the line was asked for.
 * @param destination where lines go instead of the settings' file
 */
export function openLogger(
  component: 'worker' | 'supervisor',
  { level, file }: LogSettings,
  destination: DestinationStream = pino.destination({
    dest: file ?? 2,
    // A line is written when the call returns: the last ones before a crash matter most.
    sync: true,
    mkdir: true,
    mode: 0o600,
  }),
): Logger {
  const lines = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  const write: Logger['write'] = (at, event, fields = {}, error) => {
    const failed = error === undefined ? {} : errorFields(error);
    lines[at]({ component, ...pickFields(fields), ...failed }, EVENTS[event]);
  };
  const at =
    (name: LineLevel): Write =>
    (message, meta = {}) => {
      // Core's own component replaces that of the process.
      lines[name]({ component, ...temporalFields(meta) }, listedMessage(message));
    };
  return {
    write,
    temporal: {
      trace: at('trace'),
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      log: (name, message, meta) => {
        at(name.toLowerCase() as LineLevel)(message, meta);
      },
    },
    close: () => {
      lines.flush();
    },
  };
}
