import { parseDocument } from 'yaml';
import { validateServerConfig, violationsOf, type ServerConfig } from '../../schemas/index.js';
import { ServersError } from './errors.js';

export type Environment = Readonly<Record<string, string | undefined>>;

type Kind = 'text' | 'number' | 'boolean' | 'path';

/** Environment variable -> the member of the configuration that it replaces. */
export const VARIABLES: Readonly<Record<string, readonly [pointer: string, kind: Kind]>> = {
  CUSTOS_TEMPORAL_ADDRESS: ['/temporal/address', 'text'],
  CUSTOS_TEMPORAL_NAMESPACE: ['/temporal/namespace', 'text'],
  CUSTOS_TEMPORAL_API_KEY_FILE: ['/temporal/apiKeyFile', 'path'],
  CUSTOS_TEMPORAL_TLS: ['/temporal/tls/enabled', 'boolean'],
  CUSTOS_TEMPORAL_TLS_CA_FILE: ['/temporal/tls/caFile', 'path'],
  CUSTOS_TEMPORAL_TLS_CERT_FILE: ['/temporal/tls/certFile', 'path'],
  CUSTOS_TEMPORAL_TLS_KEY_FILE: ['/temporal/tls/keyFile', 'path'],
  CUSTOS_TEMPORAL_TLS_SERVER_NAME: ['/temporal/tls/serverName', 'text'],
  CUSTOS_S3_ENDPOINT: ['/store/endpoint', 'text'],
  CUSTOS_S3_REGION: ['/store/region', 'text'],
  CUSTOS_S3_CA_FILE: ['/store/caFile', 'path'],
  CUSTOS_S3_ACCESS_KEY_FILE: ['/store/accessKeyFile', 'path'],
  CUSTOS_S3_SECRET_KEY_FILE: ['/store/secretKeyFile', 'path'],
  CUSTOS_S3_DATA_BUCKET: ['/store/buckets/data', 'text'],
  CUSTOS_S3_EVIDENCE_BUCKET: ['/store/buckets/evidence', 'text'],
  CUSTOS_S3_RETENTION_DAYS: ['/store/retentionDays', 'number'],
  CUSTOS_S3_LOCK_MODE: ['/store/lockMode', 'text'],
};

/** The variables that, by themselves, say that the servers are not the embedded ones. */
export const DECIDING = ['CUSTOS_TEMPORAL_ADDRESS', 'CUSTOS_S3_ENDPOINT'] as const;

/**
 * The configuration of a file's text with the environment laid over it.
 * @param file names the text in errors; undefined when there is only the environment
 * @throws ServersError SERVERS_INVALID, naming file, member and variable
 */
export function parseServerConfig(
  text: string | undefined,
  file: string | undefined,
  env: Environment,
): ServerConfig {
  const written = text === undefined ? {} : readYaml(text, file ?? 'the file');
  const config = Object.entries(VARIABLES).reduce<unknown>(
    (base, [name, [pointer, kind]]) => {
      const value = env[name];
      return value === undefined || value === ''
        ? base
        : withMember(base, pointer.split('/').slice(1), valueOf(value, kind));
    },
    text === undefined ? { schema: 'custos.servers.v1' } : written,
  );
  if (validateServerConfig(config)) return config;
  const lines = violationsOf(validateServerConfig).map(({ pointer, expected }) => {
    return `  ${pointer}${variableOf(pointer, env)}: ${expected}`;
  });
  const where = file ?? 'the environment';
  throw new ServersError(
    'SERVERS_INVALID',
    `the server configuration of ${where} is not valid:\n${lines.slice(0, 10).join('\n')}`,
  );
}

function readYaml(text: string, file: string): unknown {
  const tree = parseDocument(text, { uniqueKeys: true, version: '1.2' });
  const [error] = [...tree.errors, ...tree.warnings];
  if (error === undefined) return tree.toJS() as unknown;
  const line = error.linePos?.[0].line;
  const place = line === undefined ? file : `${file}:${String(line)}`;
  throw new ServersError('SERVERS_INVALID', `${place} is not readable YAML (${error.code})`);
}

function withMember(base: unknown, keys: readonly string[], value: unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  const members =
    typeof base === 'object' && base !== null ? (base as Record<string, unknown>) : {};
  return { ...members, [key]: withMember(members[key], rest, value) };
}

// What cannot be read stays text, which the schema then refuses by its type.
function valueOf(text: string, kind: Kind): unknown {
  if (kind === 'number' && /^\d+$/.test(text)) return Number(text);
  if (kind === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}

function variableOf(pointer: string, env: Environment): string {
  const found = Object.entries(VARIABLES).find(([name, [at]]) => {
    return at === pointer && env[name] !== undefined && env[name] !== '';
  });
  return found === undefined ? '' : ` (from ${found[0]})`;
}

/** Whether a member came from the environment: then its path is relative to the working directory. */
export function isFromEnvironment(pointer: string, env: Environment): boolean {
  return variableOf(pointer, env) !== '';
}
