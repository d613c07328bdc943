import { Client, Connection } from '@temporalio/client';
import type { LocalEndpoints } from '../infra/local/index.js';
import { openStores, type Stores } from '../infra/runtime/index.js';
import { connectServers, temporalConnection } from '../infra/servers/index.js';
import type { App } from './app.js';
import { CliError } from './errors.js';

/** A running installation, opened by a command. */
export interface Workspace {
  readonly dataDir: string;
  readonly services: LocalEndpoints;
  readonly stores: Stores;
  readonly client: Client;
}

async function connectTemporal({ temporal }: LocalEndpoints) {
  const { address, namespace } = temporal;
  const connection = await Connection.connect(temporalConnection(temporal)).catch(
    (cause: unknown) => {
      throw new CliError(
        'NOT_RUNNING',
        `the Temporal server at ${address} does not answer; run "custos doctor", and "custos up" for the embedded one`,
        { cause },
      );
    },
  );
  return { connection, client: new Client({ connection, namespace }) };
}

const serversOf = ({ dataDir, servers }: App): Promise<LocalEndpoints> =>
  connectServers({ dataDir, file: servers });

/** Runs `work` with a client of Temporal alone: it can be asked while the store is down. */
export async function withClient<T>(app: App, work: (client: Client) => Promise<T>): Promise<T> {
  const { connection, client } = await connectTemporal(await serversOf(app));
  try {
    return await work(client);
  } finally {
    await connection.close();
  }
}

/** Connects to the configured servers, else to those of `custos up` in the app's data directory. */
async function openWorkspace(app: App): Promise<Workspace & { close(): Promise<void> }> {
  const services = await serversOf(app);
  const stores = await openStores(app.dataDir, services.store);
  const { connection, client } = await connectTemporal(services).catch(async (error: unknown) => {
    await stores.close();
    throw error;
  });
  return {
    dataDir: app.dataDir,
    services,
    stores,
    client,
    close: async () => {
      await connection.close();
      await stores.close();
    },
  };
}

/** Runs `work` with the workspace and closes it whatever happens. */
export async function withWorkspace<T>(
  app: App,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const workspace = await openWorkspace(app);
  try {
    return await work(workspace);
  } finally {
    await workspace.close();
  }
}
