import { describe, expect, it } from 'vitest';
import { ServersError } from './errors.js';
import { readWorkerSettings } from './worker-options.js';

const BUNDLE = Buffer.from('bundle');
const read = (args: readonly string[], env = {}) => readWorkerSettings(args, env, BUNDLE);

describe('readWorkerSettings', () => {
  it('has defaults for a worker of the embedded servers', () => {
    expect(read([])).toEqual({
      dataDir: '.custos',
      servers: undefined,
      queues: new Map([
        ['control', 8],
        ['records', 2],
        ['train', 1],
      ]),
      readyFile: '.custos/worker.ready',
      graceMs: 5_000,
      deployment: undefined,
      versioning: 'PINNED',
      telemetry: { log: { level: 'info' } },
    });
  });

  it('takes flags before variables', () => {
    const env = {
      CUSTOS_HOME: '/var/lib/custos',
      CUSTOS_WORKER_QUEUES: 'train',
      CUSTOS_WORKER_GRACE_SECONDS: '90',
      CUSTOS_WORKER_DEPLOYMENT: 'custos',
      CUSTOS_WORKER_VERSIONING: 'auto-upgrade',
    };
    expect(read(['--queues', 'records=4, control', '--build-id', 'b1'], env)).toMatchObject({
      dataDir: '/var/lib/custos',
      queues: new Map([
        ['records', 4],
        ['control', 8],
      ]),
      graceMs: 90_000,
      deployment: { name: 'custos', buildId: 'b1' },
      versioning: 'AUTO_UPGRADE',
    });
  });

  it('serves metrics on loopback unless told otherwise', () => {
    const { telemetry } = read(['--metrics', '9464', '--temporal-metrics', '0.0.0.0:9465'], {
      CUSTOS_WORKER_LOG_LEVEL: 'debug',
      CUSTOS_WORKER_LOG_FILE: '/var/log/custos.jsonl',
    });
    expect(telemetry).toEqual({
      log: { level: 'debug', file: '/var/log/custos.jsonl' },
      metrics: { host: '127.0.0.1', port: 9464 },
      temporalMetrics: { host: '0.0.0.0', port: 9465 },
    });
  });

  it('names a build by its workflows when nothing else does', () => {
    const build = (bundle: string): string | undefined =>
      readWorkerSettings(['--deployment', 'custos'], {}, Buffer.from(bundle)).deployment?.buildId;
    expect(build('a')).toMatch(/^[0-9a-f]{12}$/);
    expect(build('a')).not.toBe(build('b'));
  });

  it.each([
    ['an unknown option', ['--queue', 'train'], 'it knows --data-dir'],
    ['an unknown queue', ['--queues', 'gpu'], 'there is no queue "gpu"'],
    ['a queue of an object', ['--queues', 'toString'], 'there is no queue'],
    ['a queue twice', ['--queues', 'train,train=2'], 'named twice'],
    ['no activity at once', ['--queues', 'train=0'], 'a whole number from 1'],
    ['half a second', ['--grace-seconds', '0.5'], 'a whole number from 0'],
    ['a word', ['--grace-seconds', 'long'], 'a whole number'],
    ['a level that is none', ['--log-level', 'loud'], 'give one of trace'],
    ['a port that is none', ['--metrics', '70000'], 'HOST:PORT'],
    ['a name for a port', ['--temporal-metrics', 'localhost:http'], 'HOST:PORT'],
    ['another behaviour', ['--versioning', 'none'], 'pinned or auto-upgrade'],
  ])('refuses %s', (_, args, words) => {
    expect(() => read(args)).toThrow(ServersError);
    expect(() => read(args)).toThrow(words);
  });
});
