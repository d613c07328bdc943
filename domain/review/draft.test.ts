import { describe, expect, it } from 'vitest';
import { reviewer, submitter, worker, type Party } from '../../test/support/evidence-bundle.js';
import { signEnvelope, type Envelope } from '../evidence/index.js';
import { canonicalBytes } from '../lineage/index.js';
import type { ReviewDraft } from '../../schemas/index.js';
import { build } from '../../test/support/review-candidates.js';
import { batchRoot, keptDrafts, signDraft } from './index.js';

const { batch } = build();
const root = batchRoot(batch);
const [first] = batch.items;
const question = {
  runId: 'run-1',
  batchRoot: root,
  people: [reviewer.key, submitter.key],
};

const draftOf = (change: Partial<ReviewDraft> = {}): ReviewDraft => ({
  schema: 'custos.review-draft.v1',
  runId: 'run-1',
  subject: 'rea',
  savedAt: '2026-11-24T09:00:00.000Z',
  decisions: {
    schema: 'custos.review-decisions.v1',
    batchRoot: root,
    decisions: [{ itemId: first?.id ?? '', action: 'approve' }],
  },
  ...change,
});

const decisionsOf = (draft: ReviewDraft): ReviewDraft['decisions'] => draft.decisions;
const signedBy = (party: Party, change: Partial<ReviewDraft> = {}): Promise<Envelope> =>
  signDraft(party.signer, draftOf(change));

describe('keptDrafts', () => {
  it("takes each person's own latest draft", async () => {
    const later = draftOf({
      savedAt: '2026-11-24T09:05:00.000Z',
      decisions: { ...decisionsOf(draftOf()), decisions: [] },
      unseen: [first?.id ?? ''],
    });
    const stored = [
      await signDraft(reviewer.signer, later),
      // An older one that somebody handed in again.
      await signedBy(reviewer),
      await signedBy(submitter, { subject: 'sam' }),
    ];
    const { drafts, ignored } = keptDrafts(stored, question);
    expect(ignored).toBe(0);
    expect([...drafts.keys()].sort()).toEqual(['rea', 'sam']);
    expect(drafts.get('rea')).toEqual({
      subject: 'rea',
      savedAt: later.savedAt,
      decisions: [],
      unseen: [first?.id],
    });
  });

  const planted: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['decisions that nobody signed', () => Promise.resolve(draftOf().decisions)],
    ['a draft in her name under another key', () => signedBy(submitter)],
    ["a draft under a worker's key", () => signedBy(worker, { subject: 'worker' })],
    ['a draft of another run', () => signedBy(reviewer, { runId: 'run-2' })],
    [
      'a draft on another batch',
      () =>
        signedBy(reviewer, {
          decisions: { ...decisionsOf(draftOf()), batchRoot: `sha256:${'0'.repeat(64)}` },
        }),
    ],
    [
      'another kind of document that she signed',
      () =>
        signEnvelope(reviewer.signer, 'application/vnd.in-toto+json', canonicalBytes(draftOf())),
    ],
    [
      'a draft that was changed after it was signed',
      async () => {
        const envelope = await signedBy(reviewer);
        const other = draftOf({ decisions: { ...decisionsOf(draftOf()), decisions: [] } });
        return { ...envelope, payload: Buffer.from(canonicalBytes(other)).toString('base64') };
      },
    ],
    [
      'a draft with a second signature beside hers',
      async () => {
        const envelope = await signedBy(reviewer);
        const { signatures } = await signedBy(submitter);
        return { ...envelope, signatures: [...envelope.signatures, ...signatures] };
      },
    ],
    ['no document at all', () => Promise.resolve(null)],
  ];

  it.each(planted)('ignores %s and counts it', async (_name, make) => {
    const own = await signedBy(reviewer);
    const alone = keptDrafts([await make()], question);
    expect([alone.drafts.size, alone.ignored]).toEqual([0, 1]);
    const beside = keptDrafts([own, await make()], question);
    expect(beside.drafts.get('rea')?.decisions).toHaveLength(1);
    expect(beside.ignored).toBe(1);
  });
});
