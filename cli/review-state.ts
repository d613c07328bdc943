import type { ReviewDecision, ReviewItem } from '../schemas/index.js';
import type { Work } from './review-drafts.js';
import type { Place } from './review-words.js';

/** A key as it was pressed: its name (`return`, `backspace`, `left`, ...) and what it types. */
export interface Key {
  readonly name: string;
  readonly text: string;
}

/** What the reviewer is being asked besides the item itself. */
export type Prompt =
  | { readonly kind: 'item' }
  /** What a review is, before the first item; `help` is the same while at work. */
  | { readonly kind: 'intro' }
  | { readonly kind: 'help' }
  | { readonly kind: 'words'; readonly typed: string }
  | { readonly kind: 'type'; readonly typed: string; readonly places: readonly Place[] }
  | { readonly kind: 'span'; readonly typed: string }
  | { readonly kind: 'rest' };

type Decided = ReadonlyMap<string, readonly ReviewDecision[]>;

export interface ReviewState {
  readonly items: readonly ReviewItem[];
  /** Index of the item shown; the number of items at the end. */
  readonly at: number;
  readonly decided: Decided;
  /** Items that were approved with the rest, and not decided by a key of their own. */
  readonly unseen: ReadonlySet<string>;
  /** What was decided before each change, and where; the latest last. */
  readonly history: readonly Pick<ReviewState, 'at' | 'decided' | 'unseen'>[];
  /** The part of the item that is on the screen, and of how many. */
  readonly page: number;
  readonly pages: number;
  readonly prompt: Prompt;
  /** What the last key came to, for the reviewer. */
  readonly said: string;
  readonly end?: 'sign' | 'refuse' | 'quit';
}

export const ITEM: Prompt = { kind: 'item' };

export function startReview(
  items: readonly ReviewItem[],
  { decisions, unseen }: Work = { decisions: [], unseen: [] },
  prompt: Prompt = ITEM,
): ReviewState {
  const decided = new Map<string, ReviewDecision[]>();
  for (const decision of decisions) {
    decided.set(decision.itemId, [...(decided.get(decision.itemId) ?? []), decision]);
  }
  const open = items.findIndex(({ id }) => !decided.has(id));
  const at = open === -1 ? items.length : open;
  const said = '';
  const blind = new Set(unseen);
  return { items, at, decided, unseen: blind, history: [], page: 0, pages: 1, prompt, said };
}

/** What of a review is kept in a draft. */
export function workOf(state: ReviewState): Work {
  return { decisions: allDecisions(state), unseen: [...state.unseen].sort() };
}

export function decisionsOn(state: ReviewState, item: ReviewItem): readonly ReviewDecision[] {
  return state.decided.get(item.id) ?? [];
}

/** Every decision, in the order of the items, so that equal reviews give equal bytes. */
export function allDecisions({
  items,
  decided,
}: Pick<ReviewState, 'items' | 'decided'>): readonly ReviewDecision[] {
  return items.flatMap(({ id }) => decided.get(id) ?? []);
}

export const openItems = ({
  items,
  decided,
}: Pick<ReviewState, 'items' | 'decided'>): readonly ReviewItem[] =>
  items.filter(({ id }) => !decided.has(id));

export const isCorrection = ({ action }: ReviewDecision): boolean =>
  action === 'add-span' || action === 'wrong-span';

/** The state with other decisions, and with the way back to the present ones. */
export function decide(
  state: ReviewState,
  change: Pick<ReviewState, 'decided' | 'unseen'>,
): ReviewState {
  const { at, decided, unseen } = state;
  const history = [...state.history, { at, decided, unseen }];
  return { ...state, ...change, history, prompt: ITEM };
}

/** The state with these decisions on an item, and no others on it. */
export function put(
  state: ReviewState,
  item: ReviewItem,
  decisions: readonly ReviewDecision[],
): ReviewState {
  const decided = new Map(state.decided);
  if (decisions.length === 0) decided.delete(item.id);
  else decided.set(item.id, decisions);
  const unseen = new Set([...state.unseen].filter((id) => id !== item.id));
  return decide(state, { decided, unseen });
}

/** Shows an item from its beginning; past the last one, the end. */
export function goTo(state: ReviewState, at: number): ReviewState {
  return { ...state, at: Math.min(Math.max(0, at), state.items.length), page: 0 };
}

/** Takes the last change back and shows where it was made. */
export function undo(state: ReviewState): ReviewState {
  const last = state.history.at(-1);
  if (last === undefined) return { ...state, said: 'there is nothing to undo' };
  const history = state.history.slice(0, -1);
  const said = `undone: this is item ${String(last.at + 1)} as it was before`;
  return { ...goTo({ ...state, ...last, history }, last.at), said };
}
