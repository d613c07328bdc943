import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { ServerConfig } from '../../schemas/index.js';
import { connectLocal, type LocalEndpoints, type StoreEndpoint } from '../local/index.js';
import { ServersError } from './errors.js';
import {
  DECIDING,
  isFromEnvironment,
  parseServerConfig,
  type Environment,
} from './server-config.js';

export interface ServersOptions {
  readonly dataDir: string;
  /** The configuration file; CUSTOS_SERVERS when absent. */
  readonly file?: string | undefined;
  readonly env?: Environment;
}

type TemporalTls = Exclude<LocalEndpoints['temporal']['tls'], undefined>;

/**
 * Where the servers are: those that the configuration names, else the embedded ones of the data
 * directory.
 * @throws ServersError SERVERS_INVALID; LocalError NOT_RUNNING when neither is there
 */
export async function connectServers(options: ServersOptions): Promise<LocalEndpoints> {
  return (await configuredServers(options)) ?? connectLocal(options.dataDir);
}

/** The servers that the configuration names; undefined when there is no configuration. */
export async function configuredServers(
  options: ServersOptions,
): Promise<LocalEndpoints | undefined> {
  const env = options.env ?? process.env;
  const file = options.file ?? nonEmpty(env['CUSTOS_SERVERS']);
  if (file === undefined && DECIDING.every((name) => nonEmpty(env[name]) === undefined)) {
    return undefined;
  }
  const text = file === undefined ? undefined : await readText(file, 'the server configuration');
  const config = parseServerConfig(text, file, env);
  const base = file === undefined ? process.cwd() : dirname(resolve(file));
  const pathOf: PathOf = (pointer, path) =>
    path && resolve(isFromEnvironment(pointer, env) ? process.cwd() : base, path);
  return {
    dataDir: resolve(options.dataDir),
    temporal: await temporalOf(config, pathOf, env),
    store: await storeOf(config, pathOf, env),
  };
}

type PathOf = (pointer: string, path: string | undefined) => string | undefined;

async function temporalOf(
  { temporal }: ServerConfig,
  pathOf: PathOf,
  env: Environment,
): Promise<LocalEndpoints['temporal']> {
  const key = pathOf('/temporal/apiKeyFile', temporal.apiKeyFile);
  const apiKey = await secret(key, env['CUSTOS_TEMPORAL_API_KEY'], 'the API key of Temporal');
  const { tls } = temporal;
  const enabled = tls === undefined ? apiKey !== undefined : tls.enabled !== false;
  if (apiKey !== undefined && !enabled) {
    throw new ServersError(
      'SERVERS_INVALID',
      'the API key of Temporal would be sent in clear: leave /temporal/tls/enabled out, or the key',
    );
  }
  return {
    address: temporal.address,
    namespace: temporal.namespace ?? 'custos',
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(enabled ? { tls: await tlsOf(tls ?? {}, pathOf) } : {}),
  };
}

async function tlsOf(
  tls: NonNullable<ServerConfig['temporal']['tls']>,
  pathOf: PathOf,
): Promise<TemporalTls> {
  const pem = async (member: 'caFile' | 'certFile' | 'keyFile'): Promise<Buffer | undefined> => {
    const path = pathOf(`/temporal/tls/${member}`, tls[member]);
    return path === undefined ? undefined : readBytes(path, `/temporal/tls/${member}`);
  };
  const [ca, crt, key] = [await pem('caFile'), await pem('certFile'), await pem('keyFile')];
  return {
    ...(ca === undefined ? {} : { serverRootCACertificate: ca }),
    ...(crt === undefined || key === undefined ? {} : { clientCertPair: { crt, key } }),
    ...(tls.serverName === undefined ? {} : { serverNameOverride: tls.serverName }),
  };
}

async function storeOf(
  { store }: ServerConfig,
  pathOf: PathOf,
  env: Environment,
): Promise<StoreEndpoint> {
  const need = async (member: 'accessKeyFile' | 'secretKeyFile', variable: string) => {
    const path = pathOf(`/store/${member}`, store[member]);
    const found = await secret(path, env[variable], `/store/${member}`);
    if (found !== undefined) return found;
    throw new ServersError(
      'SERVERS_INVALID',
      `the store has no credentials: name a file in /store/${member} or ${variable}_FILE, or set ${variable}`,
    );
  };
  const ca = pathOf('/store/caFile', store.caFile);
  return {
    kind: 's3',
    endpoint: store.endpoint,
    accessKey: await need('accessKeyFile', 'CUSTOS_S3_ACCESS_KEY'),
    secretKey: await need('secretKeyFile', 'CUSTOS_S3_SECRET_KEY'),
    buckets: store.buckets ?? { data: 'custos-data', evidence: 'custos-evidence' },
    ...(store.region === undefined ? {} : { region: store.region }),
    ...(store.retentionDays === undefined ? {} : { retentionDays: store.retentionDays }),
    ...(store.lockMode === undefined ? {} : { lockMode: store.lockMode }),
    ...(ca === undefined ? {} : { ca: await readBytes(ca, '/store/caFile') }),
  };
}

/** A secret of a file, its last line break dropped, else the variable's. */
async function secret(
  path: string | undefined,
  variable: string | undefined,
  what: string,
): Promise<string | undefined> {
  if (path === undefined) return nonEmpty(variable);
  const text = (await readText(path, what)).replace(/\r?\n$/, '');
  if (text !== '' && !/\s/.test(text)) return text;
  throw new ServersError('SERVERS_INVALID', `${path} (${what}) is empty or has more than one word`);
}

async function readBytes(path: string, what: string): Promise<Buffer> {
  return readFile(path).catch((cause: unknown) => {
    throw new ServersError('SERVERS_INVALID', `${what}: ${path} cannot be read; check the path`, {
      cause,
    });
  });
}

async function readText(path: string, what: string): Promise<string> {
  return (await readBytes(path, what)).toString('utf8');
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
