import { describe, expect, it } from 'vitest';
import {
  validateReviewBatch,
  validateReviewDecisions,
  validateReviewOverlay,
  validateReviewReport,
  type Policy,
  type ReviewDecision,
} from '../../schemas/index.js';
import { digestJson } from '../lineage/index.js';
import {
  assertReviewCounts,
  batchRoot,
  buildBatch,
  findReviewRefusals,
  missStatement,
  shownDigest,
  summarizeReview,
  type SignedReviewInput,
} from './index.js';
import {
  build,
  candidate,
  CANDIDATES,
  DATASET,
  decided,
  idOf,
  person,
  PLAN,
  SECRET,
  select,
} from '../../test/support/review-candidates.js';

describe('createSelector', () => {
  it('puts the most uncertain first and samples the rest', () => {
    const { uncertain, sample, plantHosts } = select();
    expect(uncertain).toEqual([idOf('u2'), idOf('u1')]);
    expect(new Set([...sample, ...plantHosts]).size).toBe(22);
    expect(sample).toHaveLength(20);
    expect([...sample, ...plantHosts]).not.toContain(idOf('u1'));
  });

  it('depends on the secret and not on the order', () => {
    const { shardOf: _, ...selected } = select();
    for (const size of [1, 3, 7]) {
      const reversed = select([...CANDIDATES].reverse(), PLAN, SECRET, size);
      expect(reversed).toMatchObject(selected);
    }
    expect(select(CANDIDATES, PLAN, new Uint8Array(32).fill(4))).not.toEqual(select());
  });

  it('fails rather than hide uncertain records', () => {
    expect(() => select(CANDIDATES, { ...PLAN, maxUncertain: 1 })).toThrow(
      expect.objectContaining({ code: 'TOO_MANY_UNCERTAIN' }),
    );
  });

  it('shows fewer than asked for when there are no more, but every planted miss', () => {
    const { sample, plantHosts } = select(CANDIDATES.slice(0, 5));
    expect(sample).toHaveLength(5);
    expect(plantHosts).toHaveLength(2);
    expect(select([])).toEqual({
      uncertain: [],
      sample: [],
      plantHosts: [],
      shardOf: new Map(),
    });
  });

  it('says in which shard each selected record lies', () => {
    const { uncertain, sample, plantHosts, shardOf } = select(CANDIDATES, PLAN, SECRET, 4);
    expect([...shardOf.keys()].sort()).toEqual(
      [...new Set([...uncertain, ...sample, ...plantHosts])].sort(),
    );
    for (const [id, shard] of shardOf) {
      const at = CANDIDATES.findIndex(({ record }) => record.id === id);
      expect(shard).toBe(Math.floor(at / 4));
    }
  });

  it('draws every record about equally often', () => {
    const counts = new Map<string, number>();
    const policy = { ...PLAN, sampleSize: 6, plantedMisses: 0 };
    const draws = 400;
    for (let draw = 0; draw < draws; draw++) {
      const secret = new Uint8Array(32).fill(draw % 256);
      secret[31] = draw >> 8;
      for (const id of select(CANDIDATES, policy, secret).sample) {
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
    }
    const sure = CANDIDATES.length - 2;
    const share = 6 / sure;
    // Five standard deviations of a binomial count.
    const width = 5 * Math.sqrt(draws * share * (1 - share));
    expect(counts.size).toBe(sure);
    for (const count of counts.values()) {
      expect(Math.abs(count - draws * share)).toBeLessThan(width);
    }
  });
});

describe('buildBatch', () => {
  const built = build();
  const { batch, overlay } = built;
  const planted = new Set(overlay.items.filter((item) => item.planted).map(({ itemId }) => itemId));

  it('matches its schemas', () => {
    expect(validateReviewBatch(batch)).toBe(true);
    expect(validateReviewOverlay(overlay)).toBe(true);
  });

  it('points every span at its placeholder, also behind a planted sentence', () => {
    for (const { shown, spans } of batch.items) {
      expect(spans.length).toBeGreaterThan(0);
      for (const { message, start, end, type } of spans) {
        expect(shown[message]?.content.slice(start, end)).toBe(`[${type}]`);
      }
    }
  });

  it('plants invented values in copies only', () => {
    expect(planted.size).toBe(2);
    const contents = new Map(CANDIDATES.map(({ record }) => [record.id, record.messages]));
    for (const item of batch.items) {
      const differs = JSON.stringify(item.shown) !== JSON.stringify(contents.get(item.recordId));
      expect(differs).toBe(planted.has(item.id));
    }
    for (const { itemId, planted: plant } of overlay.items) {
      if (plant === undefined) continue;
      const item = batch.items.find(({ id }) => id === itemId);
      const value = item?.shown[plant.message]?.content.slice(plant.start, plant.end);
      expect(value).toMatch(
        plant.type === 'PERSON' ? /^[A-Z]\w+ [A-Z][\w-]+$/ : /^555-01\d\d-\d{4}$/,
      );
      expect(item?.reason).toBe('sample');
    }
  });

  it('does not tell planted items apart: same members, same reasons, an unguessable commitment', () => {
    const keys = new Set(batch.items.map((item) => Object.keys(item).sort().join()));
    expect(keys.size).toBe(1);
    expect(digestJson({ ...overlay, salt: '00'.repeat(32) })).not.toBe(batch.overlayDigest);
  });

  it('has a root over every shown byte', () => {
    const changed = structuredClone(batch);
    const [first] = changed.items;
    if (first?.shown[0] !== undefined) first.shown[0].content += ' ';
    expect(batchRoot(changed)).not.toBe(batchRoot(batch));
    expect(shownDigest(changed)).not.toBe(shownDigest(batch));
    expect(build()).toEqual(built);
  });

  it('fails on a selected record that is not there', () => {
    const selection = select();
    expect(() => buildBatch(selection, [], { dataset: DATASET, secret: SECRET })).toThrow(
      expect.objectContaining({ code: 'BATCH_INVALID' }),
    );
  });
});

const POLICY: Policy['review'] = {
  required: true,
  ...PLAN,
  separateSubmitter: true,
  remindAfterMinutes: 1,
  escalateAfterMinutes: 2,
  expireAfterMinutes: 3,
  approvalValidDays: 30,
  maxAuthAgeMinutes: 15,
  allowDemoSignature: false,
};

function signed(
  change: object = {},
  built = build(),
  decisions = decided(built),
): SignedReviewInput {
  const actor = {
    issuer: 'local',
    subject: 'rita',
    roles: ['reviewer' as const],
    authTime: '2026-03-01T10:00:00Z',
    method: 'passphrase' as const,
  };
  const facts = {
    runId: 'run-1',
    batchRoot: batchRoot(built.batch),
    shownDigest: shownDigest(built.batch),
    policyDigest: DATASET,
    decisionsDigest: digestJson(decisions),
    verdict: 'approved' as const,
    actor,
    signedAt: '2026-03-01T10:10:00Z',
  };
  const input: SignedReviewInput = {
    batch: built.batch,
    decisions,
    facts,
    signatureValid: true,
    demoKey: false,
    submitter: 'sam',
    runId: 'run-1',
    policyDigest: DATASET,
    policy: POLICY,
    now: '2026-03-01T10:11:00Z',
    use: 'new',
  };
  const { facts: factChange, actor: actorChange, ...rest } = change as Record<string, object>;
  return {
    ...input,
    ...rest,
    facts: { ...facts, ...factChange, actor: { ...actor, ...actorChange } },
  };
}

describe('findReviewRefusals', () => {
  const other = digestJson('other');

  it('finds nothing wrong with a good review', () => {
    expect(findReviewRefusals(signed())).toEqual([]);
    expect(findReviewRefusals(signed({ now: '2026-03-01T10:09:00Z' }))).toEqual([]);
    // A stored approval of an equal batch is used again by another run.
    expect(findReviewRefusals(signed({ runId: 'run-2', use: 'stored' }))).toEqual([]);
    expect(() => {
      assertReviewCounts(signed());
    }).not.toThrow();
  });

  it.each([
    ['SIGNATURE_INVALID', { signatureValid: false }],
    ['OTHER_RUN', { runId: 'run-2' }],
    ['STALE_BATCH', { facts: { batchRoot: other } }],
    ['SHOWN_MISMATCH', { facts: { shownDigest: other } }],
    ['POLICY_CHANGED', { policyDigest: other }],
    ['DECISIONS_CHANGED', { facts: { decisionsDigest: other } }],
    ['ROLE_MISSING', { actor: { roles: ['submitter'] } }],
    ['SELF_APPROVAL', { submitter: 'rita' }],
    ['DEMO_NOT_ALLOWED', { demoKey: true }],
    ['DEMO_NOT_ALLOWED', { actor: { method: 'demo' } }],
    ['AUTH_TOO_OLD', { actor: { authTime: '2026-03-01T09:54:59Z' } }],
    ['TIME_INVALID', { actor: { authTime: '2026-03-01T10:14:00Z' } }],
    ['TIME_INVALID', { now: '2026-03-01T10:00:00Z' }],
    ['TIME_INVALID', { now: '2026-03-01T10:08:59Z' }],
    ['TIME_INVALID', { actor: { authTime: '2026-03-01T10:11:01Z' } }],
    ['TIME_INVALID', { facts: { signedAt: 'yesterday' } }],
    ['SIGNED_LATE', { now: '2026-03-01T10:26:00Z' }],
    ['APPROVAL_EXPIRED', { now: '2026-04-01T10:11:00Z', use: 'stored' }],
  ] as const)('%s: %j', (code, change) => {
    const codes = findReviewRefusals(signed(change)).map((refusal) => refusal.code);
    expect(codes).toContain(code);
    expect(() => {
      assertReviewCounts(signed(change));
    }).toThrow(expect.objectContaining({ code: 'DECISIONS_REFUSED' }));
  });

  it.each([
    [
      'the submitter where the policy permits it',
      { submitter: 'rita', policy: { ...POLICY, separateSubmitter: false } },
    ],
    [
      'a demo key where the policy permits it',
      { demoKey: true, policy: { ...POLICY, allowDemoSignature: true } },
    ],
    ['a stored approval weeks later', { now: '2026-03-20T10:11:00Z', use: 'stored' }],
    ['clocks a minute apart', { now: '2026-03-01T10:09:30Z' }],
  ] as const)('accepts %s', (_, change) => {
    expect(findReviewRefusals(signed(change))).toEqual([]);
  });

  const built = build();
  const [first, second] = built.batch.items.map(({ id }) => id) as [string, string];
  it.each([
    ['UNKNOWN_ITEM', { extra: [{ itemId: 'ffffffffffffffff', action: 'approve' }] }],
    ['MISSING_DECISIONS', { [first]: [] }],
    ['CONFLICTING_DECISIONS', { [first]: [{ action: 'approve' }, { action: 'reject' }] }],
    ['CONFLICTING_DECISIONS', { [first]: [{ action: 'approve' }, { action: 'approve' }] }],
    [
      'CONFLICTING_DECISIONS',
      {
        [first]: [
          { action: 'wrong-span', span: 0 },
          { action: 'wrong-span', span: 0 },
        ],
      },
    ],
    [
      'CONFLICTING_DECISIONS',
      {
        [first]: [
          { action: 'add-span', message: 1, start: 0, end: 4, type: 'PERSON' },
          { action: 'add-span', message: 1, start: 3, end: 5, type: 'PERSON' },
        ],
      },
    ],
    ['SPAN_INVALID', { [first]: [{ action: 'wrong-span', span: 9 }] }],
    [
      'SPAN_INVALID',
      { [first]: [{ action: 'add-span', message: 9, start: 0, end: 1, type: 'PERSON' }] },
    ],
    [
      'SPAN_INVALID',
      { [first]: [{ action: 'add-span', message: 0, start: 0, end: 999, type: 'PERSON' }] },
    ],
    [
      'SPAN_INVALID',
      { [first]: [{ action: 'add-span', message: 0, start: 2, end: 2, type: 'PERSON' }] },
    ],
    [
      'SPAN_INVALID',
      { [second]: [{ action: 'add-span', message: 0, start: 4, end: 7, type: 'PERSON' }] },
    ],
  ] as const)('%s in %j', (code, change) => {
    const { extra, ...byItem } = change as unknown as Record<string, object[]>;
    const decisions = decided(built, byItem);
    decisions.decisions.push(...((extra ?? []) as ReviewDecision[]));
    expect(validateReviewDecisions(decisions)).toBe(true);
    const refusals = findReviewRefusals(signed({}, built, decisions));
    expect(refusals.map((refusal) => refusal.code)).toEqual([code]);
  });

  it('lets a whole batch be refused without a decision on each item', () => {
    const decisions = { ...decided(built), decisions: [] };
    const input = signed({ facts: { verdict: 'refused' } }, built, decisions);
    expect(findReviewRefusals(input)).toEqual([]);
  });

  it('refuses a cut through a surrogate pair', () => {
    const emoji = build([candidate('e', 'Hi 😀 ', person(0.1))]);
    const [item] = emoji.batch.items;
    const cut = { action: 'add-span', message: 0, start: 3, end: 4, type: 'PERSON' };
    const decisions = decided(emoji, { [item?.id ?? '']: [cut] });
    const codes = findReviewRefusals(signed({}, emoji, decisions)).map(({ code }) => code);
    expect(codes).toEqual(['SPAN_INVALID']);
  });
});

describe('summarizeReview', () => {
  it.each([
    [0, 20, '0 misses in 20: at most 14% at 95% confidence'],
    [0, 299, '0 misses in 299: at most 1% at 95% confidence'],
    [0, 298, '0 misses in 298: at most 1.1% at 95% confidence'],
    [1, 20, '1 miss in 20: at most 22% at 95% confidence'],
    [20, 20, '20 misses in 20: at most 100% at 95% confidence'],
    [0, 0, 'no record was sampled: nothing is known about misses'],
  ])('%i of %i', (misses, records, statement) => {
    expect(missStatement(misses, records, 0.95)).toBe(statement);
  });

  it('counts the sample without planted items, and planted items that were found', () => {
    const built = build();
    const { batch, overlay } = built;
    const plants = overlay.items.filter(({ planted }) => planted !== undefined);
    const [plant] = plants;
    const isPlant = (id: string) => plants.some(({ itemId }) => itemId === id);
    const sampled = batch.items.filter(({ id, reason }) => reason === 'sample' && !isPlant(id));
    const { message, start, end, type } = plant?.planted ?? {
      message: 0,
      start: 0,
      end: 1,
      type: '',
    };
    const decisions = decided(built, {
      [plant?.itemId ?? '']: [{ action: 'add-span', message, start: start + 1, end, type }],
      [sampled[0]?.id ?? '']: [{ action: 'reject' }],
      [sampled[1]?.id ?? '']: [
        { action: 'add-span', message: 1, start: 0, end: 4, type: 'PERSON' },
      ],
      [sampled[2]?.id ?? '']: [{ action: 'wrong-span', span: 0 }],
      [batch.items[0]?.id ?? '']: [{ action: 'wrong-span', span: 0 }],
    });
    const report = summarizeReview(batch, overlay, decisions);
    expect(validateReviewReport(report)).toBe(true);
    expect(report).toMatchObject({
      items: 24,
      uncertain: { records: 2, rejected: 0, corrected: 1 },
      sample: { records: 20, misses: 2 },
      addedSpans: 2,
      wrongSpans: 2,
      planted: { shown: 2, found: 1 },
    });
  });
});
