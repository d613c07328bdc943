import { canonicalBytes, readJson } from '../domain/lineage/index.js';
import { batchRoot, keptDrafts, signDraft, type KeptDraft } from '../domain/review/index.js';
import type { UnlockedIdentity } from '../infra/identity/index.js';
import type { ArtifactRef } from '../schemas/index.js';
import type { App } from './app.js';
import type { Workspace } from './compose.js';
import { keepNewest, type Keep } from './keep-newest.js';
import { decisionsFor, updateReview, type ReviewCase } from './review-work.js';

export interface Drafts {
  /** Each person's latest draft about this batch, under their own valid signature. */
  readonly kept: ReadonlyMap<string, KeptDraft>;
  /** Handed in as drafts, and nobody's: unsigned, changed, about another batch, or gone. */
  readonly ignored: number;
}

/** The drafts that the gate was handed, each verified here. */
export async function readDrafts(
  { stores }: Workspace,
  { status, batch }: ReviewCase,
): Promise<Drafts> {
  const stored = await Promise.all(
    status.drafts.map((ref) =>
      readJson(stores.artifacts, ref, status.project).catch(() => undefined),
    ),
  );
  const { drafts, ignored } = keptDrafts(stored, {
    runId: status.runId,
    batchRoot: batchRoot(batch),
    people: await stores.people(),
  });
  return { kept: drafts, ignored };
}

/** What a person has decided so far, and which of it without a look at each item. */
export type Work = Pick<KeptDraft, 'decisions' | 'unseen'>;

/** A person's own draft, or an empty one. */
export function draftOf({ kept }: Drafts, subject: string): Work {
  return kept.get(subject) ?? { decisions: [], unseen: [] };
}

/** One line about what was handed in as drafts and does not count; empty when all do. */
export function describeIgnored({ ignored }: Drafts): string {
  if (ignored === 0) return '';
  const drafts = ignored === 1 ? 'draft was' : 'drafts were';
  return `${String(ignored)} ${drafts} handed in that nobody signed as their own about this batch: ignored`;
}

export function noteIgnored(app: App, drafts: Drafts): void {
  const said = describeIgnored(drafts);
  if (said !== '') app.note(said);
}

/**
 * Keeps decisions as a sealed draft that its reviewer signs; decides nothing.
 * @param replaced an earlier draft that this one takes further: the gate forgets it
 */
export async function saveDraft(
  workspace: Workspace,
  review: ReviewCase,
  { decisions, unseen }: Work,
  { actor, signer }: UnlockedIdentity,
  replaced?: ArtifactRef,
): Promise<ArtifactRef> {
  const { runId, project } = review.status;
  const envelope = await signDraft(signer, {
    schema: 'custos.review-draft.v1',
    runId,
    subject: actor.subject,
    savedAt: new Date().toISOString(),
    decisions: decisionsFor(review.batch, decisions),
    unseen: [...unseen],
  });
  const draft = await workspace.stores.artifacts.put(canonicalBytes(envelope), {
    class: 'derived',
    mediaType: 'application/vnd.dsse.envelope+json',
    project,
  });
  await updateReview(review, 'decide', draft, ...(replaced === undefined ? [] : [replaced]));
  return draft;
}

/**
 * Keeps a person's work as it grows. Each draft takes the place of the one before it, so that one
 * reviewer's decisions push nobody else's draft out of the gate.
 */
export function draftKeeper(
  workspace: Workspace,
  review: ReviewCase,
  reviewer: UnlockedIdentity,
): Keep<Work> {
  let last: ArtifactRef | undefined;
  return keepNewest(async (work) => {
    last = await saveDraft(workspace, review, work, reviewer, last);
  });
}
