import {
  openEnvelope,
  parseJson,
  signEnvelope,
  type Envelope,
  type EvidenceKey,
} from '../evidence/index.js';
import { canonicalBytes, type Digest, type Signer } from '../lineage/index.js';
import {
  check,
  validateDsseEnvelope,
  validateReviewDraft,
  type ReviewDecision,
  type ReviewDraft,
} from '../../schemas/index.js';

const DRAFT_PAYLOAD_TYPE = 'application/vnd.custos.review-draft+json';

/** Signs a draft as its reviewer's own, in an envelope of its own type: it can never decide. */
export function signDraft(signer: Signer, draft: ReviewDraft): Promise<Envelope> {
  const valid = check(validateReviewDraft, draft, 'the draft');
  return signEnvelope(signer, DRAFT_PAYLOAD_TYPE, canonicalBytes(valid));
}

/** Whose draft of which review is looked for. */
export interface DraftQuestion {
  readonly runId: string;
  readonly batchRoot: Digest;
  readonly people: readonly EvidenceKey[];
}

/** One person's latest draft. */
export interface KeptDraft {
  readonly subject: string;
  readonly savedAt: string;
  readonly decisions: readonly ReviewDecision[];
  /** Ids of items that were approved with the rest, without a look at each. */
  readonly unseen: readonly string[];
}

/** The draft in an envelope; undefined unless its signer owns it and it is about this batch. */
function readDraft(stored: unknown, question: DraftQuestion): KeptDraft | undefined {
  try {
    const envelope = check(validateDsseEnvelope, stored, 'the draft');
    const expected = { payloadType: DRAFT_PAYLOAD_TYPE, use: 'person' } as const;
    const { payload, keys } = openEnvelope(envelope, question.people, expected);
    const draft = check(validateReviewDraft, parseJson(payload, 'the draft'), 'the draft');
    const { runId, subject, savedAt, decisions, unseen = [] } = draft;
    const own = keys.length === 1 && keys.every(({ owner }) => owner === subject);
    const fits = runId === question.runId && decisions.batchRoot === question.batchRoot;
    return own && fits ? { subject, savedAt, decisions: decisions.decisions, unseen } : undefined;
  } catch {
    // Whatever is wrong with it, it is not a draft that anybody may be shown as their own.
    return undefined;
  }
}

/**
 * The drafts of a review that count, each person's latest by the time that they signed with it, so
 * that an older one handed in again stays the older one.
 * @param stored what was handed in: envelopes, or anything
 * @returns how many were ignored because nobody's valid signature for this batch is on them
 */
export function keptDrafts(
  stored: readonly unknown[],
  question: DraftQuestion,
): { readonly drafts: ReadonlyMap<string, KeptDraft>; readonly ignored: number } {
  const drafts = new Map<string, KeptDraft>();
  let ignored = 0;
  for (const one of stored) {
    const draft = readDraft(one, question);
    const before = draft === undefined ? undefined : drafts.get(draft.subject);
    if (draft === undefined) ignored += 1;
    else if (before === undefined || Date.parse(before.savedAt) <= Date.parse(draft.savedAt)) {
      drafts.set(draft.subject, draft);
    }
  }
  return { drafts, ignored };
}
