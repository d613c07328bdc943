import {
  LineageError,
  mayRefer,
  referencesIn,
  type Digest,
  type KeyService,
  type References,
} from '../../domain/lineage/index.js';
import type { ArtifactRef } from '../../schemas/index.js';
import {
  readArtifactHeader,
  type ObjectDriver,
  type ShelvedArtifact,
  type StreamingArtifactStore,
} from '../object-store/index.js';
import { GarbageError } from './errors.js';
import type { Inventory } from './inventory.js';

export interface FollowDeps {
  readonly driver: ObjectDriver;
  readonly artifacts: Pick<StreamingArtifactStore, 'get'>;
  readonly keys: KeyService;
}

/** A reference to an artifact that the store has not, and that was not erased on purpose. */
export interface Dangling {
  readonly digest: Digest;
  readonly mediaType: string;
  /** What refers to it, such as `run demo-support-20261124T030000-1a2b`. */
  readonly from: string;
}

/** References by the digest of the artifact they stand in; artifacts never change. */
export type FollowCache = Map<Digest, References>;

const NONE: References = { digests: new Set(), refs: [], runIds: new Set() };
/** For reading what belongs to no project. */
const ANY_PROJECT = 'any';

async function referencesOf(deps: FollowDeps, shelved: ShelvedArtifact): Promise<References> {
  const header = await readArtifactHeader(deps.driver, shelved);
  if (header === undefined || !mayRefer(header.mediaType)) return NONE;
  const { mediaType, sizeBytes } = header;
  const ref: ArtifactRef = { digest: shelved.digest, class: shelved.class, mediaType, sizeBytes };
  try {
    return referencesIn(await deps.artifacts.get(ref, shelved.project ?? ANY_PROJECT));
  } catch (error) {
    // What was erased on purpose, also while this ran, refers to nothing any more.
    if (error instanceof LineageError && error.code === 'ARTIFACT_ERASED') return NONE;
    throw error;
  }
}

function merged(all: readonly References[]): References {
  const [only = NONE, ...others] = all;
  if (others.length === 0) return only;
  return {
    digests: new Set(all.flatMap(({ digests }) => [...digests])),
    refs: all.flatMap(({ refs }) => refs),
    runIds: new Set(),
  };
}

/** Follows references through an inventory, and remembers who referred to what. */
export class Follower {
  private readonly parents = new Map<Digest, Digest>();
  private readonly origins = new Map<Digest, string>();
  private readonly missing = new Map<Digest, Dangling>();

  constructor(
    private readonly deps: FollowDeps,
    private readonly inventory: Inventory,
    private readonly cache: FollowCache,
  ) {}

  /** The digests that a root document refers to. @param from what it is, for people */
  root(references: Pick<References, 'digests' | 'refs'>, from: string): Iterable<Digest> {
    for (const digest of references.digests) {
      if (!this.origins.has(digest)) this.origins.set(digest, from);
    }
    this.note(references, from);
    return references.digests;
  }

  /**
   * The digests that the artifacts of a digest refer to.
   * @throws GarbageError ROOTS_UNREADABLE when one that may refer to others cannot be read
   */
  follow = async (digest: Digest): Promise<Iterable<Digest>> => {
    const shelved = this.inventory.byDigest.get(digest) ?? [];
    const references = this.cache.get(digest) ?? (await this.read(digest, shelved));
    for (const found of references.digests) {
      if (!this.parents.has(found) && !this.origins.has(found)) this.parents.set(found, digest);
    }
    this.note(references, this.from(digest));
    return references.digests;
  };

  /** What is referred to and is not there. */
  get dangling(): readonly Dangling[] {
    return [...this.missing.values()];
  }

  private async read(digest: Digest, shelved: readonly ShelvedArtifact[]): Promise<References> {
    try {
      const all = await Promise.all(shelved.map((one) => referencesOf(this.deps, one)));
      const references = merged(all);
      if (shelved.length > 0) this.cache.set(digest, references);
      return references;
    } catch (cause) {
      throw unreadable(digest, this.from(digest), cause);
    }
  }

  private note({ refs }: Pick<References, 'refs'>, from: string): void {
    for (const { digest, mediaType } of refs) {
      const there = this.inventory.byDigest.has(digest) || this.inventory.erased.has(digest);
      if (!there && !this.missing.has(digest))
        this.missing.set(digest, { digest, mediaType, from });
    }
  }

  private from(digest: Digest): string {
    let at: Digest | undefined = digest;
    for (let steps = 0; at !== undefined && steps < 10_000; steps += 1) {
      const origin = this.origins.get(at);
      if (origin !== undefined) return origin;
      at = this.parents.get(at);
    }
    return 'the store';
  }
}

function unreadable(digest: Digest, from: string, cause: unknown): unknown {
  // A store or a key service that does not answer has an error of its own.
  if (!(cause instanceof LineageError) || cause.code === 'KEY_UNAVAILABLE') return cause;
  return new GarbageError(
    'ROOTS_UNREADABLE',
    `artifact ${digest}, to which ${from} leads, cannot be read (${cause.code}), so nobody can say what it refers to. Nothing was removed; restore it, then collect again`,
    { cause },
  );
}

/** @throws GarbageError ROOTS_UNREADABLE when what is missing may have referred to others */
export function requireWhole(dangling: readonly Dangling[]): void {
  const lost = dangling.find(({ mediaType }) => mayRefer(mediaType));
  if (lost === undefined) return;
  throw new GarbageError(
    'ROOTS_UNREADABLE',
    `artifact ${lost.digest} (${lost.mediaType}), to which ${lost.from} leads, is not in the store, so nobody can say what it referred to. Nothing was removed; restore it from a backup, then collect again`,
  );
}
