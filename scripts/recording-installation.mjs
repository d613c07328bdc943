// What histories are recorded with: an installation of its own, and the sample made short.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { workerProcess } from '../dist/cli/local-worker.js';
import { ensureDemoIdentities } from '../dist/infra/identity/index.js';
import { startLocal } from '../dist/infra/local/index.js';
import { openStores } from '../dist/infra/runtime/index.js';

export async function openInstallation() {
  const dataDir = await mkdtemp(join(tmpdir(), 'custos-histories-'));
  const local = await startLocal({
    dataDir,
    store: 's3',
    mode: 'foreground',
    processes: (endpoints) => [workerProcess(endpoints)],
  });
  const stores = await openStores(dataDir, local.store);
  const { address, namespace } = local.temporal;
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  await ensureDemoIdentities(stores.identityDir);
  const close = async () => {
    await connection.close();
    await stores.close();
    await local.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { dataDir, services: local, stores, client, close };
}

/** The sample with one source, few steps and short attacks: every stage works, none for long. */
export function shorten(loaded, { maxSteps = 2, ...policy } = {}) {
  const { request } = loaded;
  const [source] = request.dataset.sources;
  const { model, [source.name]: records } = loaded.locations;
  const quick = { generations: 2, generationTokens: 8, extractionSequences: 2 };
  return {
    locations: { model, [source.name]: records },
    request: {
      ...request,
      dataset: { ...request.dataset, sources: [source] },
      train: { ...request.train, maxSteps },
    },
    policy: {
      ...loaded.policy,
      ingest: { ...loaded.policy.ingest, shardRecords: 512, ...policy.ingest },
      review: { ...loaded.policy.review, ...policy.review },
      audit: { ...loaded.policy.audit, ...quick },
    },
  };
}
