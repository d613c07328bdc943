import type { ArtifactRef } from '../../schemas/index.js';
import type { Digest } from './digest.js';

export type ArtifactClass = ArtifactRef['class'];

/** What every put states. `scope` groups artifacts for erasure, e.g. `dataset/support`. */
export interface PutOptions {
  readonly class: ArtifactClass;
  readonly mediaType: string;
  readonly project: string;
  readonly scope?: string;
  /** 32 random bytes, drawn once per dataset; required for classes raw and vault. */
  readonly salt?: Uint8Array;
}

/**
 * Immutable bytes addressed by the digest of their canonical plaintext. For classes raw and vault
 * the canonical plaintext is the dataset's 32-byte salt followed by the bytes; readers get the
 * bytes without it. Everything but `public` and `evidence` is sealed at rest.
 */
export interface ArtifactStore {
  put(bytes: Uint8Array, options: PutOptions): Promise<ArtifactRef>;
  /** @throws LineageError ARTIFACT_MISSING, ARTIFACT_ERASED, ARTIFACT_CORRUPT (digest or seal) */
  get(ref: ArtifactRef, project: string): Promise<Uint8Array>;
  /** Bytes [offset, offset + length), verified by the digests of the 1 MiB chunks they touch. */
  getRange(ref: ArtifactRef, project: string, offset: number, length: number): Promise<Uint8Array>;
  /** True only if the object is there and opens. */
  has(ref: ArtifactRef, project: string): Promise<boolean>;
  /** Destroys the data key; the digest stays, a tombstone is left. */
  erase(ref: ArtifactRef, project: string, reason: string): Promise<void>;
}

/** Small mutable or named documents beside the artifacts: memo entries, leases, registry. */
export interface DocumentStore {
  read(key: string): Promise<{ readonly bytes: Uint8Array; readonly etag: string } | undefined>;
  /** Creates; false when the key exists already (the winner of a race is unique). */
  create(key: string, bytes: Uint8Array): Promise<boolean>;
  /** Replaces only the version read; false when somebody else was faster. */
  replace(key: string, bytes: Uint8Array, etag: string): Promise<boolean>;
  list(prefix: string): AsyncIterable<string>;
  remove(key: string): Promise<void>;
}

/** Data keys of artifacts under a key service. The wrapped form is stored with the artifact. */
export interface KeyService {
  readonly id: string;
  /** Wraps a 32-byte data key under a fresh key bound to `context` (authenticated data). */
  wrap(dataKey: Uint8Array, context: string): Promise<WrappedKey>;
  /** @throws LineageError ARTIFACT_ERASED when destroyed, KEY_UNAVAILABLE when unknown */
  unwrap(wrapped: WrappedKey, context: string): Promise<Uint8Array>;
  /** After it returns nothing wrapped under `keyId` can ever be unwrapped. */
  destroy(keyId: string): Promise<void>;
  /** Forgets a key under which nothing that is stored was sealed: unlike `destroy`, nothing is left. */
  discard(keyId: string): Promise<void>;
}

export interface WrappedKey {
  readonly keyId: string;
  readonly ciphertext: string;
}

/** An Ed25519 signing key held by a worker or a person. */
export interface Signer {
  readonly keyId: string;
  /** SPKI, base64. */
  readonly publicKey: string;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** Key id -> public key (SPKI, base64) and what it may sign. */
export interface TrustedKey {
  readonly keyId: string;
  readonly publicKey: string;
  readonly owner: string;
  readonly use: 'worker' | 'ledger' | 'person';
  readonly demo: boolean;
}

export interface LedgerCheckpoint {
  readonly logId: string;
  readonly size: number;
  readonly root: Digest;
  /** Ed25519 over the canonical JSON of the other members, base64. */
  readonly signature: string;
  readonly keyId: string;
}

export interface LedgerReceipt {
  readonly logId: string;
  readonly index: number;
  readonly checkpoint: LedgerCheckpoint;
}

export interface LedgerProof {
  readonly index: number;
  readonly leaf: Digest;
  /** The chain hash before the leaf, then the leaves after it up to the checkpoint. */
  readonly before: Digest;
  readonly after: readonly Digest[];
  readonly checkpoint: LedgerCheckpoint;
}

/** The interface of a transparency log. Leaves are salted commitments to envelope digests. */
export interface Ledger {
  append(leaves: readonly Digest[], idempotencyKey: string): Promise<readonly LedgerReceipt[]>;
  proof(index: number): Promise<LedgerProof>;
  checkpoint(): Promise<LedgerCheckpoint>;
  scan(from: number): AsyncIterable<{ readonly index: number; readonly leaf: Digest }>;
}

/** What the three step functions stand on. `documents` holds evidence, `memo` may be dropped. */
export interface StepRuntime {
  readonly artifacts: ArtifactStore;
  readonly memo: DocumentStore;
  readonly documents: DocumentStore;
  readonly ledger: Ledger;
  readonly signer: Signer;
  readonly trustedKeys: () => Promise<readonly TrustedKey[]>;
  readonly now: () => Date;
  /** Secret bytes from the operating system. */
  readonly randomBytes: (size: number) => Uint8Array;
  readonly worker: string;
  readonly codeVersion: string;
  readonly environment: Readonly<Record<string, string>>;
}
