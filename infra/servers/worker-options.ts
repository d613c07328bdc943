import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { TaskQueue } from '../../policies/index.js';
import {
  isLogLevel,
  LOG_LEVELS,
  parseEndpoint,
  type TelemetrySettings,
} from '../telemetry/index.js';
import { ServersError } from './errors.js';
import type { Environment } from './server-config.js';

/** What one worker process does. */
export interface WorkerSettings {
  readonly dataDir: string;
  readonly servers: string | undefined;
  /** Task queue -> activities at once. */
  readonly queues: ReadonlyMap<TaskQueue, number>;
  /** Touched while the worker polls, removed when it drains. */
  readonly readyFile: string;
  /** Milliseconds that running activities have between SIGTERM and their cancellation. */
  readonly graceMs: number;
  /** With a deployment's name the worker takes part in Temporal's worker versioning. */
  readonly deployment: { readonly name: string; readonly buildId: string } | undefined;
  readonly versioning: 'PINNED' | 'AUTO_UPGRADE';
  readonly telemetry: TelemetrySettings;
}

// Training wants the machine for itself.
const QUEUES: Readonly<Record<TaskQueue, number>> = { control: 8, records: 2, train: 1 };

const OPTIONS = {
  'data-dir': { type: 'string' },
  servers: { type: 'string' },
  queues: { type: 'string' },
  ready: { type: 'string' },
  'grace-seconds': { type: 'string' },
  deployment: { type: 'string' },
  'build-id': { type: 'string' },
  versioning: { type: 'string' },
  'log-level': { type: 'string' },
  'log-file': { type: 'string' },
  metrics: { type: 'string' },
  'temporal-metrics': { type: 'string' },
} as const;

type Values = Readonly<Partial<Record<keyof typeof OPTIONS, string>>>;

/**
 * Reads a worker's flags; each has a variable of the same name (`--grace-seconds`,
 * CUSTOS_WORKER_GRACE_SECONDS), and the flag comes first.
 * @param bundle the workflow bundle: its digest is the build id when none is given
 * @throws ServersError WORKER_OPTIONS_INVALID
 */
export function readWorkerSettings(
  args: readonly string[],
  env: Environment,
  bundle: Uint8Array,
): WorkerSettings {
  const flags = parse(args);
  const value = (name: keyof Values, variable = variableOf(name)): string | undefined =>
    flags[name] ?? (env[variable] === '' ? undefined : env[variable]);
  const dataDir = value('data-dir', 'CUSTOS_HOME') ?? '.custos';
  const name = value('deployment');
  return {
    dataDir,
    servers: value('servers', 'CUSTOS_SERVERS'),
    queues: parseQueues(value('queues') ?? Object.keys(QUEUES).join(',')),
    readyFile: value('ready') ?? join(dataDir, 'worker.ready'),
    graceMs: parseCount('--grace-seconds', value('grace-seconds') ?? '5') * 1000,
    deployment:
      name === undefined ? undefined : { name, buildId: value('build-id') ?? digestOf(bundle) },
    versioning: parseVersioning(value('versioning') ?? 'pinned'),
    telemetry: {
      log: { level: parseLevel(value('log-level') ?? 'info'), file: value('log-file') },
      metrics: endpointOf('metrics', value('metrics')),
      temporalMetrics: endpointOf('temporal-metrics', value('temporal-metrics')),
    },
  };
}

function variableOf(name: string): string {
  return `CUSTOS_WORKER_${name.toUpperCase().replaceAll('-', '_')}`;
}

function parse(args: readonly string[]): Values {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (cause) {
    const known = Object.keys(OPTIONS).map((name) => `--${name}`);
    throw invalid(
      `there is an option that the worker does not know; it knows ${known.join(', ')}`,
      cause,
    );
  }
}

/** `control,records=4`: a queue with the activities that it runs at once. */
function parseQueues(text: string): ReadonlyMap<TaskQueue, number> {
  const queues = new Map<TaskQueue, number>();
  for (const part of text.split(',')) {
    const [name = '', count] = part.trim().split('=');
    if (!isQueue(name)) {
      throw invalid(
        `--queues: there is no queue "${name}"; there are ${Object.keys(QUEUES).join(', ')}`,
      );
    }
    if (queues.has(name)) throw invalid(`--queues: ${name} is named twice`);
    queues.set(name, count === undefined ? QUEUES[name] : parseCount(`--queues ${name}`, count, 1));
  }
  return queues;
}

function isQueue(name: string): name is TaskQueue {
  return Object.hasOwn(QUEUES, name);
}

function parseCount(option: string, text: string, least = 0): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= 86_400) return value;
  throw invalid(`${option}: give a whole number from ${String(least)} to 86400`);
}

function parseVersioning(text: string): WorkerSettings['versioning'] {
  if (text === 'pinned') return 'PINNED';
  if (text === 'auto-upgrade') return 'AUTO_UPGRADE';
  throw invalid('--versioning: give pinned or auto-upgrade');
}

function parseLevel(text: string): TelemetrySettings['log']['level'] {
  if (isLogLevel(text)) return text;
  throw invalid(`--log-level: give one of ${LOG_LEVELS.join(', ')}`);
}

function endpointOf(name: string, text: string | undefined): TelemetrySettings['metrics'] {
  if (text === undefined) return undefined;
  const endpoint = parseEndpoint(text);
  if (endpoint !== undefined) return endpoint;
  throw invalid(`--${name}: give PORT (on 127.0.0.1) or HOST:PORT`);
}

function digestOf(bundle: Uint8Array): string {
  return createHash('sha256').update(bundle).digest('hex').slice(0, 12);
}

function invalid(problem: string, cause?: unknown): ServersError {
  return new ServersError('WORKER_OPTIONS_INVALID', problem, { cause });
}
