import type { ReviewBatch, ReviewDecision, ReviewItem } from '../../schemas/index.js';

export interface Refusal<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
}

export type DecisionRefusalCode =
  'UNKNOWN_ITEM' | 'MISSING_DECISIONS' | 'CONFLICTING_DECISIONS' | 'SPAN_INVALID';

/** Decisions by item id, in their order. */
export function groupByItem(
  decisions: readonly ReviewDecision[],
): ReadonlyMap<string, readonly ReviewDecision[]> {
  const groups = new Map<string, ReviewDecision[]>();
  for (const decision of decisions) {
    const group = groups.get(decision.itemId);
    if (group === undefined) groups.set(decision.itemId, [decision]);
    else group.push(decision);
  }
  return groups;
}

type AddSpan = Extract<ReviewDecision, { action: 'add-span' }>;
interface Range {
  readonly message: number;
  readonly start: number;
  readonly end: number;
}

const overlaps = (a: Range, b: Range): boolean =>
  a.message === b.message && a.start < b.end && b.start < a.end;

const splitsPair = (text: string, at: number): boolean =>
  (text.charCodeAt(at - 1) & 0xfc00) === 0xd800 && (text.charCodeAt(at) & 0xfc00) === 0xdc00;

function isInside(item: ReviewItem, { message, start, end }: AddSpan): boolean {
  const content = item.shown[message]?.content;
  if (content === undefined || start >= end || end > content.length) return false;
  return !splitsPair(content, start) && !splitsPair(content, end);
}

function conflictIn(decisions: readonly ReviewDecision[]): boolean {
  const final = decisions.some(({ action }) => action === 'approve' || action === 'reject');
  if (final && decisions.length > 1) return true;
  const wrong = decisions.flatMap((one) => (one.action === 'wrong-span' ? one.span : []));
  const added = decisions.filter((one): one is AddSpan => one.action === 'add-span');
  const overlapping = added.some((one, index) =>
    added.slice(index + 1).some((other) => overlaps(one, other)),
  );
  return new Set(wrong).size !== wrong.length || overlapping;
}

function hasInvalidSpan(item: ReviewItem, decisions: readonly ReviewDecision[]): boolean {
  return decisions.some((decision) => {
    if (decision.action === 'wrong-span') return item.spans[decision.span] === undefined;
    if (decision.action !== 'add-span') return false;
    return !isInside(item, decision) || item.spans.some((span) => overlaps(span, decision));
  });
}

const some = (ids: readonly string[]): string =>
  `${String(ids.length)} (${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ', …' : ''})`;

/** What is wrong with decisions as decisions on this batch; empty when nothing is. */
export function checkDecisions(
  batch: ReviewBatch,
  decisions: readonly ReviewDecision[],
): Refusal<DecisionRefusalCode>[] {
  const groups = groupByItem(decisions);
  const known = new Set(batch.items.map(({ id }) => id));
  const idsOf = (test: (item: ReviewItem, group: readonly ReviewDecision[]) => boolean) =>
    batch.items.filter((item) => test(item, groups.get(item.id) ?? [])).map(({ id }) => id);
  const found: readonly (readonly [DecisionRefusalCode, readonly string[], string])[] = [
    ['UNKNOWN_ITEM', [...groups.keys()].filter((id) => !known.has(id)), 'are not in this batch'],
    ['MISSING_DECISIONS', idsOf((_, group) => group.length === 0), 'are not decided yet'],
    [
      'CONFLICTING_DECISIONS',
      idsOf((_, group) => conflictIn(group)),
      'are both approved or rejected and corrected, or corrected twice in one place',
    ],
    [
      'SPAN_INVALID',
      idsOf(hasInvalidSpan),
      'have a span outside of the shown text, inside a placeholder, or that is not listed',
    ],
  ];
  return found
    .filter(([, ids]) => ids.length > 0)
    .map(([code, ids, what]) => ({ code, message: `items ${what}: ${some(ids)}` }));
}
