import { InvalidArgumentError, Option, type Command } from 'commander';
import { setupTensorflow } from '../../infra/compute/index.js';
import {
  setupMinio,
  setupTemporal,
  startLocal,
  stopLocal,
  localStatus,
  type LocalProgress,
  type LocalStatus,
} from '../../infra/local/index.js';
import { appOf, table, type App, type RegisterCommand } from '../app.js';
import { EXIT } from '../exit-codes.js';
import { MAX_WORKERS, workerProcesses } from '../local-worker.js';
import { requireWorkerRuntime } from '../worker-runtime.js';

const STORES = ['auto', 's3', 'files'] as const;

/** `--store`: which object store a start brings up. */
export const storeOption = (): Option =>
  new Option('--store <kind>', 'object store').choices(STORES).default('auto');

export function progressTo(app: App): (progress: LocalProgress) => void {
  return ({ component, message }) => {
    app.note(`${component}: ${message}`);
  };
}

const isReady = ({ running, components }: LocalStatus): boolean =>
  running && components.every(({ health }) => health === 'ready');

function describeStatus(status: LocalStatus): string {
  if (!status.running) return `nothing runs for ${status.dataDir}; start with "custos up"`;
  const rows = status.components.map((component) => [
    component.name,
    component.health,
    component.pid === undefined ? '-' : `pid ${String(component.pid)}`,
    component.port === undefined ? '-' : `127.0.0.1:${String(component.port)}`,
    component.version ?? '',
  ]);
  const store =
    status.store === 'files' ? 'store: files (not write-once)' : 'store: S3 with object lock';
  return `${table(rows)}\n${store}\ndata: ${status.dataDir}`;
}

interface UpOptions {
  readonly store: (typeof STORES)[number];
  readonly ui?: boolean;
  readonly workers: number;
}

function parseWorkers(text: string): number {
  const workers = Number(text);
  if (Number.isSafeInteger(workers) && workers >= 1 && workers <= MAX_WORKERS) return workers;
  throw new InvalidArgumentError(`a whole number from 1 to ${String(MAX_WORKERS)} is needed`);
}

function registerUp(program: Command): void {
  program
    .command('up')
    .description(
      'Start Temporal, the object store and a worker on loopback; they run until "custos down".',
    )
    .addOption(storeOption())
    .addHelpText(
      'after',
      `
Examples:
  custos up
  custos up --store files --ui
  custos up --workers 4`,
    )
    .option('--ui', "Temporal's web interface on loopback")
    .addOption(
      new Option(
        '--workers <n>',
        'worker processes; those after the first share the work on records',
      )
        .argParser(parseWorkers)
        .default(1),
    )
    .action(async (options: UpOptions, command: Command) => {
      const app = appOf(command);
      requireWorkerRuntime();
      await startLocal({
        dataDir: app.dataDir,
        store: options.store,
        mode: 'detached',
        ui: options.ui === true,
        processes: (endpoints) => workerProcesses(endpoints, options.workers),
        onProgress: progressTo(app),
      });
      const status = await localStatus(app.dataDir);
      app.emit(status, () => describeStatus(status));
    });
}

function registerDown(program: Command): void {
  program
    .command('down')
    .description('Stop what "custos up" started; data stays.')
    .addHelpText(
      'after',
      `
Example:
  custos down`,
    )
    .action(async (_options: unknown, command: Command) => {
      const app = appOf(command);
      const stopped = await stopLocal(app.dataDir);
      app.emit({ stopped }, () => (stopped ? 'stopped' : `nothing was running for ${app.dataDir}`));
    });
}

function registerStatus(program: Command): void {
  program
    .command('status')
    .description('Which servers run, where, and how they are.')
    .addHelpText(
      'after',
      `
Examples:
  custos status
  custos status --json

Exit status 5 unless every server is ready.`,
    )
    .action(async (_options: unknown, command: Command) => {
      const app = appOf(command);
      const status = await localStatus(app.dataDir);
      app.emit({ ok: isReady(status), ...status }, () => describeStatus(status));
      if (!isReady(status)) process.exitCode = EXIT.unavailable;
    });
}

function registerSetup(program: Command): void {
  const setup = program.command('setup').description('Get a server program into the cache.');
  const servers = { temporal: setupTemporal, minio: setupMinio } as const;
  for (const [name, install] of Object.entries(servers)) {
    setup
      .command(name)
      .description(`Find or build ${name} in its pinned version.`)
      .addHelpText('after', `\nExample:\n  custos setup ${name}`)
      .action(async (_options: unknown, command: Command) => {
        const app = appOf(command);
        const found = await install({ onProgress: progressTo(app) });
        app.emit(found, () => `${name} ${found.version}: ${found.path}`);
      });
  }
  setup
    .command('tensorflow')
    .description('Build a native TensorFlow backend for training in its pinned version.')
    .option('--gpu', 'with CUDA, for an NVIDIA card: 3 GB to fetch')
    .addHelpText(
      'after',
      `
Example:
  custos setup tensorflow

Needs npm, Python 3 with pip, and g++. Which backend a run uses is measured when it starts; "custos doctor"
says which one and why.`,
    )
    .action(async ({ gpu = false }: { readonly gpu?: boolean }, command: Command) => {
      const app = appOf(command);
      const onProgress = (message: string) => {
        app.note(`tensorflow: ${message}`);
      };
      const found = await setupTensorflow({ gpu, onProgress });
      app.emit(found, () => `${found.name} on TensorFlow ${found.tensorflow}: ${found.path}`);
    });
}

export const registerLocal: RegisterCommand = (program) => {
  registerUp(program);
  registerDown(program);
  registerStatus(program);
  registerSetup(program);
};
