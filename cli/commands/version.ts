import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { digestJson } from '../../domain/lineage/index.js';
import { localStatus } from '../../infra/local/index.js';
import { configuredServers, describeTemporal } from '../../infra/servers/index.js';
import { fingerprintDirectory } from '../../infra/sources/index.js';
import { STEPS } from '../../policies/index.js';
import { SCHEMA_IDS } from '../../schemas/index.js';
import { appOf, table, type App, type RegisterCommand } from '../app.js';
import { packageVersion } from '../package-versions.js';

type Versions = Readonly<Record<string, string>>;

interface AllVersions {
  readonly custos: string;
  readonly runtime: Versions;
  readonly packages: Versions;
  readonly servers: Versions;
  /** Models that come with Custos, by the revision that a run file pins. */
  readonly models: Versions;
  readonly steps: readonly string[];
  readonly schemas: readonly string[];
}

// What computes, what speaks to servers and what signs: the packages that a result may depend on.
const PACKAGES = [
  ...['@temporalio/client', '@temporalio/worker', '@temporalio/workflow', 'minio', 'ajv'],
  ...['compromise', '@huggingface/tokenizers', 'onnxruntime-node', '@tensorflow/tfjs'],
  ...['@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'],
  ...['@tensorflow/tfjs-backend-webgpu', 'webgpu'],
] as const;

const MODELS = { tiny: '../../../models/tiny/model' } as const;

const custosVersion = (): string => packageVersion('custos') ?? 'unknown';

async function serverVersions(app: App): Promise<Versions> {
  const servers = await configuredServers({ dataDir: app.dataDir, file: app.servers });
  if (servers === undefined) {
    const { components } = await localStatus(app.dataDir);
    const running = components.filter(({ running: up, version }) => up && version !== undefined);
    return Object.fromEntries(running.map(({ name, version }) => [name, version ?? '']));
  }
  const temporal = await describeTemporal(servers.temporal).catch(() => undefined);
  const { store } = servers;
  return {
    temporal: `${temporal?.version ?? 'does not answer'} at ${servers.temporal.address}`,
    // S3 has no question for a version.
    store: store.kind === 's3' ? `S3 at ${store.endpoint}` : 'files',
  };
}

async function modelDigests(): Promise<Versions> {
  const digests: Record<string, string> = {};
  for (const [name, path] of Object.entries(MODELS)) {
    const folder = fileURLToPath(new URL(path, import.meta.url));
    if (!existsSync(folder)) continue;
    digests[name] = digestJson(await fingerprintDirectory(folder));
  }
  return digests;
}

async function allVersions(app: App): Promise<AllVersions> {
  return {
    custos: custosVersion(),
    runtime: {
      node: process.versions.node,
      v8: process.versions.v8,
      platform: `${process.platform}-${process.arch}`,
    },
    packages: Object.fromEntries(
      PACKAGES.map((name) => [name, packageVersion(name) ?? 'not installed']),
    ),
    servers: await serverVersions(app),
    models: await modelDigests(),
    steps: Object.values(STEPS).map(({ name }) => name),
    schemas: SCHEMA_IDS,
  };
}

function describe(versions: AllVersions): string {
  const { custos, runtime, packages, servers, models } = versions;
  const rows = Object.entries({ ...runtime, ...packages, ...servers, ...models });
  const none = Object.keys(servers).length === 0 ? ['servers: none run here'] : [];
  return [
    `custos ${custos}`,
    table(rows),
    ...none,
    `steps: ${versions.steps.join(' ')}`,
    `schemas: ${versions.schemas.join(' ')}`,
  ].join('\n');
}

export const registerVersion: RegisterCommand = (program) => {
  program
    .command('version')
    .description('The version; --all of everything that a result may depend on.')
    .addHelpText('after', '\nExample:\n  custos version --all')
    .option('--all', 'runtime, packages, servers, models, steps and schemas as well')
    .action(async (options: { readonly all?: boolean }, command: Command) => {
      const app = appOf(command);
      if (options.all !== true) {
        app.emit({ custos: custosVersion() }, () => `custos ${custosVersion()}`);
        return;
      }
      const versions = await allVersions(app);
      app.emit(versions, () => describe(versions));
    });
};
