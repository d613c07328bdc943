import { signStatement, sweepStatement } from '../../domain/evidence/index.js';
import {
  canonicalBytes,
  commitmentOf,
  logCommitted,
  type Signer,
} from '../../domain/lineage/index.js';
import type { ArtifactRef, SweepList, SweepStatement } from '../../schemas/index.js';
import type { ShelvedArtifact, StreamingArtifactStore } from '../object-store/index.js';
import type { HoldDeps } from './holds.js';

/** An artifact, and what its header says that it is. */
export interface TypedArtifact {
  readonly shelved: ShelvedArtifact;
  readonly mediaType: string;
}

type Predicate = SweepStatement['predicate'];
type End = Pick<Predicate, 'phase' | 'spared' | 'memoEntries' | 'checkpoints'>;

interface SweepFacts {
  readonly sweepId: string;
  readonly signer: Signer;
  readonly by: string;
  readonly graceMs: number;
  readonly cutOffMs: number;
  readonly now: () => number;
}

const REASON = 'no adapter, decision, hold or run leads to it, and it is older than the grace';

/** Time and four random digits. */
export function newSweepId(nowMs: number, randomBytes: (size: number) => Uint8Array): string {
  const time = new Date(nowMs).toISOString().replaceAll(/[-:]/g, '').slice(0, 15);
  return `${time}-${Buffer.from(randomBytes(2)).toString('hex')}`;
}

function listOf(going: readonly TypedArtifact[]): SweepList {
  return {
    schema: 'custos.sweep-list.v1',
    items: going.map(({ shelved, mediaType }) => ({
      digest: shelved.digest,
      class: shelved.class,
      ...(shelved.project === undefined ? {} : { project: shelved.project }),
      epoch: shelved.epoch,
      mediaType,
      sizeBytes: shelved.sizeBytes,
      storedAt: new Date(shelved.modifiedMs).toISOString(),
    })),
  };
}

function putList(
  artifacts: Pick<StreamingArtifactStore, 'put'>,
  going: readonly TypedArtifact[],
): Promise<ArtifactRef> {
  return artifacts.put(canonicalBytes(listOf(going)), {
    class: 'evidence',
    mediaType: 'application/vnd.custos.sweep-list+json',
    project: 'garbage',
  });
}

/** Signs, stores and logs what goes, before it goes and after: no removal without its entry. */
export async function recordSweep(
  deps: HoldDeps & { readonly artifacts: Pick<StreamingArtifactStore, 'put'> },
  { sweepId, signer, by, graceMs, cutOffMs, now }: SweepFacts,
  going: readonly TypedArtifact[],
  end: End,
): Promise<void> {
  const statement = sweepStatement({
    sweepId,
    ...end,
    list: await putList(deps.artifacts, going),
    reason: REASON,
    by,
    graceSeconds: graceMs / 1000,
    cutOff: new Date(cutOffMs).toISOString(),
    artifacts: going.length,
    sizeBytes: going.reduce((sum, { shelved }) => sum + shelved.sizeBytes, 0),
    at: new Date(now()).toISOString(),
  });
  const key = `sweeps/${sweepId}.${end.phase}.json`;
  const committed = commitmentOf(await signStatement(signer, statement), deps.randomBytes);
  await deps.documents.create(key, canonicalBytes(committed));
  await logCommitted(deps, committed, key, key.replace(/\.json$/, '.receipt.json'));
}
