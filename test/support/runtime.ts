import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StepRuntime } from '../../domain/lineage/index.js';
import { openStores, type Stores } from '../../infra/runtime/index.js';

export interface TestInstallation {
  readonly dir: string;
  readonly stores: Stores;
  readonly runtime: StepRuntime;
  close(): Promise<void>;
}

/** What the step functions stand on, over opened stores; the clock may be set. */
export function runtimeOf(stores: Stores, now: () => Date = () => new Date()): StepRuntime {
  return {
    artifacts: stores.artifacts,
    memo: stores.memo,
    documents: stores.documents,
    ledger: stores.ledger,
    signer: stores.worker,
    trustedKeys: stores.trustedKeys,
    now,
    randomBytes,
    worker: 'test-worker',
    codeVersion: 'custos test',
    environment: { node: process.version, platform: process.platform },
  };
}

/** A real installation on the file-system store, in a directory of its own. */
export async function openTestInstallation(keysFrom?: string): Promise<TestInstallation> {
  const dir = keysFrom ?? (await mkdtemp(join(tmpdir(), 'custos-test-')));
  const root = await mkdtemp(join(tmpdir(), 'custos-store-'));
  const stores = await openStores(dir, { kind: 'files', root });
  return {
    dir,
    stores,
    runtime: runtimeOf(stores),
    close: async () => {
      await stores.close();
      await rm(root, { recursive: true, force: true });
      if (keysFrom === undefined) await rm(dir, { recursive: true, force: true });
    },
  };
}
