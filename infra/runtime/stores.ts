import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { EvidenceKey } from '../../domain/evidence/index.js';
import type {
  ArtifactStore,
  DocumentStore,
  KeyService,
  Ledger,
  Signer,
  TrustedKey,
} from '../../domain/lineage/index.js';
import { openLocalKeyService, openLocalSigner, trustedKeyOf } from '../keys/index.js';
import { openLedger } from '../ledger/index.js';
import { trustedKeys as trustedPeople } from '../identity/index.js';
import {
  openArtifactStore,
  openDocumentStore,
  openFileDriver,
  openS3Driver,
  type ObjectDriver,
  type StreamingArtifactStore,
} from '../object-store/index.js';
import { openRegistry, type Registry } from '../registry/index.js';

/** Where the object store of one installation is. */
export type StoreLocation =
  | {
      readonly kind: 's3';
      readonly endpoint: string;
      readonly accessKey: string;
      readonly secretKey: string;
      readonly buckets: { readonly evidence: string; readonly data: string };
      readonly region?: string;
      readonly ca?: Buffer;
      readonly lockMode?: 'COMPLIANCE' | 'GOVERNANCE';
      /** Days; six months when absent. */
      readonly retentionDays?: number;
    }
  | { readonly kind: 'files'; readonly root: string };

/** Everything durable of one installation, opened. */
export interface Stores {
  readonly driver: ObjectDriver;
  readonly artifacts: StreamingArtifactStore & ArtifactStore;
  readonly keys: KeyService;
  /** Step results by memo key; may be dropped at the price of computing again. */
  readonly memo: DocumentStore;
  /** Checkpoints of unfinished training; may be dropped at the same price. */
  readonly checkpoints: DocumentStore;
  /** Evidence of runs, write-once. */
  readonly documents: DocumentStore;
  readonly registry: Registry;
  readonly ledger: Ledger;
  readonly worker: Signer;
  readonly trustedKeys: () => Promise<readonly TrustedKey[]>;
  readonly people: () => Promise<readonly EvidenceKey[]>;
  readonly identityDir: string;
  close(): Promise<void>;
}

const RETENTION_DAYS = 183;

async function openDriver(location: StoreLocation): Promise<ObjectDriver> {
  // Six months: the shortest retention that the AI Act (articles 19 and 26(6)) allows for such logs.
  return location.kind === 's3'
    ? openS3Driver({ retentionDays: RETENTION_DAYS, ...location })
    : openFileDriver({ root: location.root });
}

/** Opens store, keys and ledger of the installation whose keys lie in `dataDir`. */
export async function openStores(dataDir: string, location: StoreLocation): Promise<Stores> {
  const keyDir = join(dataDir, 'keys');
  const identityDir = join(dataDir, 'identities');
  const driver = await openDriver(location);
  const keys = await openLocalKeyService({ dir: keyDir });
  const worker = await openLocalSigner(join(keyDir, 'signers'), 'embedded', 'worker');
  const sequencer = await openLocalSigner(join(keyDir, 'signers'), 'embedded', 'ledger');
  const documents = (prefix: string) => openDocumentStore(driver, 'evidence', prefix);
  const data = (prefix: string) => openDocumentStore(driver, 'data', prefix);
  const own = [
    trustedKeyOf(worker, { owner: 'embedded worker', use: 'worker', demo: false }),
    trustedKeyOf(sequencer, { owner: 'embedded ledger', use: 'ledger', demo: false }),
  ];
  const ledger = await openLedger({
    documents: documents('ledger'),
    leaseDocuments: data('leases'),
    signer: sequencer,
  });
  const allKeys = async () => [...own, ...(await trustedPeople(identityDir))];
  return {
    driver,
    artifacts: openArtifactStore({ driver, keys }),
    keys,
    memo: data('memo'),
    checkpoints: data('checkpoints'),
    documents: documents('evidence'),
    registry: openRegistry({
      documents: documents('registry'),
      ledger,
      signer: worker,
      trustedKeys: allKeys,
      randomBytes,
      now: () => new Date(),
    }),
    ledger,
    worker,
    trustedKeys: allKeys,
    people: () => trustedPeople(identityDir),
    identityDir,
    close: () => driver.close(),
  };
}
