import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { configuredServers, connectServers } from './connect.js';
import { ServersError } from './errors.js';
import { parseServerConfig, VARIABLES } from './server-config.js';

const MINIMAL = `schema: custos.servers.v1
temporal: {address: 'temporal.internal:7233'}
store: {endpoint: 'https://store.internal:9000'}
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custos-servers-'));
  await Promise.all(
    Object.entries({
      'servers.yaml': MINIMAL.replace(
        "9000'}",
        "9000', accessKeyFile: access, secretKeyFile: secret, caFile: ca.pem}",
      ),
      access: 'the-access-key\n',
      secret: 'the-secret-key',
      'ca.pem': 'PEM',
      empty: '\n',
    }).map(([name, text]) => writeFile(join(folder, name), text)),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const refusal = async (act: () => unknown): Promise<string> => {
  try {
    await act();
  } catch (error) {
    if (error instanceof ServersError) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('parseServerConfig', () => {
  it('lays the environment over the file', () => {
    const config = parseServerConfig(MINIMAL, 'servers.yaml', {
      CUSTOS_TEMPORAL_ADDRESS: '127.0.0.2:7233',
      CUSTOS_TEMPORAL_TLS: 'false',
      CUSTOS_S3_RETENTION_DAYS: '365',
      CUSTOS_S3_REGION: '',
    });
    expect(config.temporal).toEqual({ address: '127.0.0.2:7233', tls: { enabled: false } });
    expect(config.store).toEqual({ endpoint: 'https://store.internal:9000', retentionDays: 365 });
  });

  it.each([
    ['a member that is missing', `schema: custos.servers.v1\n`, {}, '/: missing property "store"'],
    ['a secret in the file', `${MINIMAL}secretKey: x\n`, {}, '/secretKey: unknown property'],
    [
      'an address without a port',
      MINIMAL,
      { CUSTOS_TEMPORAL_ADDRESS: 'temporal' },
      '(from CUSTOS_TEMPORAL_ADDRESS)',
    ],
    ['a number that is none', MINIMAL, { CUSTOS_S3_RETENTION_DAYS: 'long' }, 'must be integer'],
    ['a switch that is none', MINIMAL, { CUSTOS_TEMPORAL_TLS: 'yes' }, 'must be boolean'],
    ['broken YAML', 'store: {', {}, 'servers.yaml:1 is not readable YAML'],
  ])('refuses %s', async (_, text, env, words) => {
    expect(await refusal(() => parseServerConfig(text, 'servers.yaml', env))).toContain(words);
  });

  it('has a variable for every member of the schema, and none besides', () => {
    type Node = { readonly properties?: Readonly<Record<string, Node>> };
    const leaves = (node: Node, at: string): string[] =>
      Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
        return child.properties === undefined ? [`${at}/${key}`] : leaves(child, `${at}/${key}`);
      });
    const schema = new URL('../../schemas/server-config.schema.json', import.meta.url);
    const members = leaves(JSON.parse(readFileSync(schema, 'utf8')) as Node, '');
    const covered = Object.values(VARIABLES).map(([pointer]) => pointer);
    expect(covered.toSorted()).toEqual(members.filter((at) => at !== '/schema').toSorted());
  });

  it('has every variable described for operators', () => {
    const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
    for (const name of Object.keys(VARIABLES)) expect(page).toContain(`\`${name}\``);
  });
});

describe('configuredServers', () => {
  const credentials = { CUSTOS_S3_ACCESS_KEY: 'a', CUSTOS_S3_SECRET_KEY: 's' };
  const addresses = {
    CUSTOS_TEMPORAL_ADDRESS: '127.0.0.2:7233',
    CUSTOS_S3_ENDPOINT: 'http://127.0.0.3:9000',
  };

  it('is nothing without a file or an address', async () => {
    expect(await configuredServers({ dataDir: folder, env: { ...credentials } })).toBeUndefined();
    const embedded = connectServers({ dataDir: folder, env: {} });
    await expect(embedded).rejects.toMatchObject({ code: 'NOT_RUNNING' });
  });

  it('reads a file, its secrets beside it', async () => {
    const file = join(folder, 'servers.yaml');
    const servers = await configuredServers({ dataDir: folder, file, env: {} });
    expect(servers?.temporal).toEqual({ address: 'temporal.internal:7233', namespace: 'custos' });
    expect(servers?.store).toEqual({
      kind: 's3',
      endpoint: 'https://store.internal:9000',
      accessKey: 'the-access-key',
      secretKey: 'the-secret-key',
      buckets: { data: 'custos-data', evidence: 'custos-evidence' },
      ca: Buffer.from('PEM'),
    });
    const named = await configuredServers({ dataDir: folder, env: { CUSTOS_SERVERS: file } });
    expect(named).toEqual(servers);
  });

  it('takes everything from the environment', async () => {
    const env = {
      ...addresses,
      ...credentials,
      CUSTOS_TEMPORAL_API_KEY: 'key',
      CUSTOS_TEMPORAL_TLS_SERVER_NAME: 'temporal',
    };
    const servers = await configuredServers({ dataDir: folder, env });
    expect(servers?.temporal).toEqual({
      address: '127.0.0.2:7233',
      namespace: 'custos',
      apiKey: 'key',
      tls: { serverNameOverride: 'temporal' },
    });
  });

  it.each([
    ['no credentials', addresses, 'the store has no credentials'],
    [
      'a half',
      { CUSTOS_S3_ENDPOINT: 'http://127.0.0.3:9000', ...credentials },
      '/: missing property "temporal"',
    ],
    [
      'a key in clear',
      { ...addresses, ...credentials, CUSTOS_TEMPORAL_API_KEY: 'k', CUSTOS_TEMPORAL_TLS: 'false' },
      'would be sent in clear',
    ],
    [
      'a certificate without its key',
      { ...addresses, ...credentials, CUSTOS_TEMPORAL_TLS_CERT_FILE: 'c' },
      '/temporal/tls',
    ],
    [
      'a secret file that is not there',
      { ...addresses, ...credentials, CUSTOS_S3_SECRET_KEY_FILE: '/nowhere' },
      '/nowhere cannot be read',
    ],
    ['a file that is not there', { CUSTOS_SERVERS: '/nowhere' }, '/nowhere cannot be read'],
  ])('refuses %s', async (_, env, words) => {
    expect(await refusal(() => configuredServers({ dataDir: folder, env }))).toContain(words);
  });

  it('never quotes a secret', async () => {
    const env = {
      ...addresses,
      CUSTOS_S3_ACCESS_KEY: 'hush',
      CUSTOS_S3_SECRET_KEY_FILE: join(folder, 'empty'),
    };
    const message = await refusal(() => configuredServers({ dataDir: folder, env }));
    expect(message).toContain('is empty');
    expect(message).not.toContain('hush');
  });
});
