import { referencesIn, SETTLED_PREFIX, type Digest } from '../../domain/lineage/index.js';
import type { ObjectDriver, ObjectEntry } from '../object-store/index.js';
import { GarbageError } from './errors.js';
import type { Follower } from './follow.js';
import type { HeldTarget } from './holds.js';
import type { Inventory } from './inventory.js';

/** Workflows that are open now, as the server tells. */
export interface OpenWork {
  readonly workflows: readonly { readonly id: string; readonly startedMs: number }[];
  /** Every digest in what they were given and gave. */
  readonly digests: ReadonlySet<Digest>;
}

export interface RootSources {
  readonly driver: ObjectDriver;
  readonly inventory: Inventory;
  readonly holds: readonly HeldTarget[];
  readonly open: OpenWork;
  readonly cutOffMs: number;
}

const RUNS = 'evidence/runs/';
const SETTLED = `evidence/${SETTLED_PREFIX}`;
const REGISTRY = 'registry/';

/** The roots of one collection, and who leads to what. */
class RootReader {
  readonly digests = new Set<Digest>();
  readonly runs = new Set<string>();

  constructor(
    private readonly sources: RootSources,
    private readonly follower: Follower,
  ) {}

  add(digests: Iterable<Digest>, from: string): void {
    const all = new Set(digests);
    this.follower.root({ digests: all, refs: [] }, from);
    for (const digest of all) this.digests.add(digest);
  }

  /** Reads every document under a prefix of the evidence; with `from` what it is, for people. */
  async addDocuments(prefix: string, from: string, withRuns = false): Promise<number> {
    let count = 0;
    for await (const { key } of this.sources.driver.entries('evidence', prefix)) {
      if (key.endsWith('.receipt.json')) continue;
      const document = await this.sources.driver.get('evidence', key);
      if (document === undefined) throw vanished(key);
      this.addBytes(document.bytes, from, withRuns);
      count += 1;
    }
    return count;
  }

  /** Memo entries and checkpoints that are young. They may go at any time, also now. */
  async addYoungDocuments(prefix: string): Promise<void> {
    for await (const entry of this.sources.driver.entries('data', prefix)) {
      if (!this.isYoung(entry)) continue;
      const document = await this.sources.driver.get('data', entry.key);
      if (document !== undefined) this.addBytes(document.bytes, `a young ${prefix} document`);
    }
  }

  /** Runs that wrote evidence lately. */
  async addYoungRuns(): Promise<void> {
    for await (const entry of this.sources.driver.entries('evidence', RUNS)) {
      if (this.isYoung(entry)) this.runs.add(entry.key.slice(RUNS.length).split('/')[0] ?? '');
    }
  }

  addYoungArtifacts(): void {
    const young = this.sources.inventory.data.filter((entry) => this.isYoung(entry));
    this.add(
      young.map(({ digest }) => digest),
      'a young artifact',
    );
  }

  private addBytes(bytes: Uint8Array, from: string, withRuns = false): void {
    const found = referencesIn(bytes);
    this.follower.root(found, from);
    for (const digest of found.digests) this.digests.add(digest);
    if (withRuns) for (const runId of found.runIds) this.runs.add(runId);
  }

  private isYoung({ modifiedMs }: ObjectEntry): boolean {
    return modifiedMs >= this.sources.cutOffMs;
  }
}

/** @throws GarbageError ROOTS_UNREADABLE when a run that must count has left no evidence */
async function addRuns(reader: RootReader): Promise<void> {
  const needed = new Set(reader.runs);
  await reader.addYoungRuns();
  for (const runId of [...reader.runs].sort()) {
    const documents = await reader.addDocuments(`${RUNS}${runId}/`, `run ${runId}`);
    if (documents > 0 || !needed.has(runId)) continue;
    throw new GarbageError(
      'ROOTS_UNREADABLE',
      `an adapter or a hold names run ${runId}, of which there is no evidence, so nobody can say what it led to. Nothing was removed; restore the evidence bucket`,
    );
  }
}

function vanished(key: string): GarbageError {
  return new GarbageError(
    'ROOTS_UNREADABLE',
    `the evidence ${key} was listed and is not there. Nothing was removed; check the evidence bucket`,
  );
}

/**
 * What garbage collection starts from: adapters of every stage with the runs that made them, what
 * was drawn or decided, holds, open workflows, runs that wrote evidence lately, and all that is
 * young.
 * @throws GarbageError ROOTS_UNREADABLE
 */
export async function readRoots(
  sources: RootSources,
  follower: Follower,
): Promise<ReadonlySet<Digest>> {
  const reader = new RootReader(sources, follower);
  const { holds, open } = sources;
  await reader.addDocuments(REGISTRY, 'the registry of adapters', true);
  await reader.addDocuments(SETTLED, 'a draw or a decision');
  for (const { holdId, digests, runIds } of holds) {
    reader.add(digests, `hold ${holdId}`);
    for (const runId of runIds) reader.runs.add(runId);
  }
  await addRuns(reader);
  reader.add(open.digests, 'an open workflow');
  for (const { id } of open.workflows) {
    await reader.addDocuments(`${RUNS}${id}/`, `run ${id}`);
  }
  await reader.addYoungDocuments('memo/');
  await reader.addYoungDocuments('checkpoints/');
  reader.addYoungArtifacts();
  return reader.digests;
}
