import { STEPS } from '../../policies/index.js';

/** One value of a log line. */
export type FieldValue = string | number;

type Accept = (value: unknown) => boolean;

const text =
  (form: RegExp): Accept =>
  (value) =>
    typeof value === 'string' && form.test(value);

const oneOf = (values: readonly string[]): Accept => {
  const known = new Set(values);
  return (value) => typeof value === 'string' && known.has(value);
};

const number =
  (most: number): Accept =>
  (value) =>
    typeof value === 'number' && value >= 0 && value <= most;

const DAY_MS = 86_400_000;
const ID =
  /^[a-z0-9][a-z0-9._-]{0,140}-\d{4}-?\d\d-?\d\dT[\d:]{6,8}Z?(-[0-9a-f]{4})?(-review|-train)?$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const STEP_NAMES = Object.values(STEPS).map(({ name }) => name);
const PLAIN = [
  ...['openRun', 'fingerprintSources', 'fingerprintModel', 'recallApproval', 'commitApproval'],
  'register',
];

/**
 * Everything that a log line may hold besides its time, level and message, and the form of each.
 * What is not listed, or has another form, is left out: a text that came from a record fits none.
 */
const FIELDS = {
  runId: text(ID),
  workflowId: text(ID),
  /** Temporal's id of one execution. */
  executionId: text(UUID),
  workflowType: oneOf(['fineTune', 'reviewGate', 'trainAndAudit']),
  /** A step's versioned name, or an activity that is no step. */
  step: oneOf([...STEP_NAMES, ...PLAIN]),
  digest: text(/^sha256:[0-9a-f]{64}$/),
  attempt: number(10_000),
  queue: oneOf(['control', 'records', 'train']),
  queueMs: number(365 * DAY_MS),
  durationMs: number(365 * DAY_MS),
  outcome: oneOf(['computed', 'reused', 'done', 'failed', 'cancelled']),
  code: text(/^[A-Z][A-Z0-9_]{1,63}$/),
  error: text(/^([A-Z][A-Za-z]{1,60})?(Error|Failure)$/),
  component: oneOf(['worker', 'supervisor', 'core', 'workflow', 'activity', 'nexus']),
  reason: oneOf(['SIGTERM', 'SIGINT', 'SIGHUP', 'asked by the parent', 'the parent is gone']),
  workerState: text(/^[A-Z]{4,20}$/),
  pid: number(4_194_304),
  trace_id: text(/^[0-9a-f]{32}$/),
  span_id: text(/^[0-9a-f]{16}$/),
} as const satisfies Record<string, Accept>;

export type LogField = keyof typeof FIELDS;
export type LogFields = Partial<Readonly<Record<LogField, FieldValue>>>;

const isField = (name: string): name is LogField => Object.hasOwn(FIELDS, name);

/** Of anything, the fields that may be logged. */
export function pickFields(values: Readonly<Record<string, unknown>>): LogFields {
  const kept: Partial<Record<LogField, FieldValue>> = {};
  for (const [name, value] of Object.entries(values)) {
    if (isField(name) && FIELDS[name](value)) kept[name] = value as FieldValue;
  }
  return kept;
}

/** Class and code of an error; its message and its stack may quote what it choked on. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return pickFields({ error: 'UnknownError' });
  const { code, type, cause } = error as { code?: unknown; type?: unknown; cause?: unknown };
  const own = pickFields({ error: error.name, code: type ?? code });
  if (own.code !== undefined || cause === undefined) return own;
  return { ...errorFields(cause), ...own };
}

/** What a step's evidence and metrics call a failure: its code, or OTHER. */
export function codeOf(error: unknown): string {
  return String(errorFields(error).code ?? 'OTHER');
}
