import type { ReviewDecision, ReviewItem } from '../schemas/index.js';
import { findWords, typeOf, type Place } from './review-words.js';

/** A key as it was pressed: its name (`return`, `backspace`, `left`, ...) and what it types. */
export interface Key {
  readonly name: string;
  readonly text: string;
}

/** What the reviewer is being asked besides the item itself. */
export type Prompt =
  | { readonly kind: 'item' }
  | { readonly kind: 'words'; readonly typed: string }
  | { readonly kind: 'type'; readonly typed: string; readonly places: readonly Place[] }
  | { readonly kind: 'span'; readonly typed: string }
  | { readonly kind: 'rest' };

export interface ReviewState {
  readonly items: readonly ReviewItem[];
  /** Index of the item shown; the number of items at the end. */
  readonly at: number;
  readonly decided: ReadonlyMap<string, readonly ReviewDecision[]>;
  readonly prompt: Prompt;
  /** What the last key came to, for the reviewer. */
  readonly said: string;
  readonly end?: 'sign' | 'refuse' | 'quit';
}

const ITEM: Prompt = { kind: 'item' };

export function startReview(
  items: readonly ReviewItem[],
  decisions: readonly ReviewDecision[] = [],
): ReviewState {
  const decided = new Map<string, ReviewDecision[]>();
  for (const decision of decisions) {
    decided.set(decision.itemId, [...(decided.get(decision.itemId) ?? []), decision]);
  }
  const open = items.findIndex(({ id }) => !decided.has(id));
  return { items, at: open === -1 ? items.length : open, decided, prompt: ITEM, said: '' };
}

export function decisionsOn(state: ReviewState, item: ReviewItem): readonly ReviewDecision[] {
  return state.decided.get(item.id) ?? [];
}

/** Every decision, in the order of the items, so that equal reviews give equal bytes. */
export function allDecisions({ items, decided }: ReviewState): readonly ReviewDecision[] {
  return items.flatMap(({ id }) => decided.get(id) ?? []);
}

export const openItems = ({ items, decided }: ReviewState): readonly ReviewItem[] =>
  items.filter(({ id }) => !decided.has(id));

const isCorrection = ({ action }: ReviewDecision): boolean =>
  action === 'add-span' || action === 'wrong-span';

function put(
  state: ReviewState,
  item: ReviewItem,
  decisions: readonly ReviewDecision[],
): ReviewState {
  const decided = new Map(state.decided);
  if (decisions.length === 0) decided.delete(item.id);
  else decided.set(item.id, decisions);
  return { ...state, decided, prompt: ITEM };
}

function next(state: ReviewState): ReviewState {
  return { ...state, at: Math.min(state.at + 1, state.items.length) };
}

function approve(state: ReviewState, item: ReviewItem): ReviewState {
  const corrections = decisionsOn(state, item).filter(isCorrection);
  const decisions =
    corrections.length > 0 ? corrections : [{ itemId: item.id, action: 'approve' } as const];
  return next({ ...put(state, item, decisions), said: '' });
}

function approveRest(state: ReviewState): ReviewState {
  const open = openItems(state);
  const decided = new Map(state.decided);
  for (const { id } of open) decided.set(id, [{ itemId: id, action: 'approve' }]);
  const said = `approved without a look: ${String(open.length)}`;
  return { ...state, decided, at: state.items.length, prompt: ITEM, said };
}

type OnItem = (state: ReviewState, item: ReviewItem) => ReviewState;
const ask =
  (prompt: Prompt): OnItem =>
  (state) => ({ ...state, prompt, said: '' });

const ITEM_KEYS: Readonly<Record<string, OnItem>> = {
  a: approve,
  r: (state, item) =>
    next({ ...put(state, item, [{ itemId: item.id, action: 'reject' }]), said: '' }),
  s: ask({ kind: 'words', typed: '' }),
  w: (state, item) =>
    item.spans.length === 0
      ? { ...state, said: 'nothing was removed from this item' }
      : ask({ kind: 'span', typed: '' })(state, item),
  u: (state, item) => ({ ...put(state, item, []), said: 'this item is open again' }),
  n: (state) => ({ ...next(state), said: '' }),
};

/** Keys that work on every item and at the end. */
const KEYS: Readonly<Record<string, (state: ReviewState) => ReviewState>> = {
  b: (state) => ({ ...state, at: Math.max(0, state.at - 1), said: '' }),
  A: (state) =>
    openItems(state).length === 0
      ? { ...state, at: state.items.length, said: 'every item is decided' }
      : { ...state, prompt: { kind: 'rest' }, said: '' },
  R: (state) => ({ ...state, end: 'refuse' }),
  q: (state) => ({ ...state, end: 'quit' }),
};

const ALIASES: Readonly<Record<string, string>> = { left: 'b', right: 'n' };

function pressOnItem(state: ReviewState, { name, text }: Key): ReviewState {
  const key = ALIASES[name] ?? text;
  const item = state.items[state.at];
  const common = KEYS[key];
  if (common !== undefined) return common(state);
  if (item !== undefined) return ITEM_KEYS[key]?.(state, item) ?? state;
  if (name !== 'return') return state;
  const open = state.items.findIndex(({ id }) => !state.decided.has(id));
  if (open === -1) return { ...state, end: 'sign' };
  return { ...state, at: open, said: `still open: ${String(openItems(state).length)}` };
}

function chooseWords(state: ReviewState, item: ReviewItem, typed: string): ReviewState {
  const places = findWords(item, decisionsOn(state, item), typed);
  if (places.length > 0) return { ...state, prompt: { kind: 'type', typed: '', places }, said: '' };
  return { ...state, prompt: ITEM, said: 'these words are not in the item, or removed already' };
}

function chooseType(
  state: ReviewState,
  item: ReviewItem,
  prompt: Extract<Prompt, { kind: 'type' }>,
): ReviewState {
  const type = typeOf(prompt.typed);
  if (type === undefined) {
    return { ...state, prompt: { ...prompt, typed: '' }, said: 'type a number of the list' };
  }
  const added = prompt.places.map((place): ReviewDecision => ({
    itemId: item.id,
    action: 'add-span',
    ...place,
    type,
  }));
  const kept = decisionsOn(state, item).filter(isCorrection);
  const said = `${String(added.length)} marked as ${type}; "a" goes on`;
  return { ...put(state, item, [...kept, ...added]), said };
}

/** Marks a removed span as wrong, or takes the mark back. */
function chooseSpan(state: ReviewState, item: ReviewItem, typed: string): ReviewState {
  const span = Number(typed) - 1;
  if (typed.trim() === '' || item.spans[span] === undefined) {
    return { ...state, prompt: ITEM, said: `spans are numbered 1 to ${String(item.spans.length)}` };
  }
  const kept = decisionsOn(state, item).filter(isCorrection);
  const others = kept.filter((one) => !(one.action === 'wrong-span' && one.span === span));
  if (others.length < kept.length) {
    return { ...put(state, item, others), said: `span ${typed} stays removed` };
  }
  const wrong: ReviewDecision = { itemId: item.id, action: 'wrong-span', span };
  return { ...put(state, item, [...kept, wrong]), said: `span ${typed} gets its text back` };
}

function submit(state: ReviewState, item: ReviewItem): ReviewState {
  const { prompt } = state;
  if (prompt.kind === 'words') return chooseWords(state, item, prompt.typed);
  if (prompt.kind === 'type') return chooseType(state, item, prompt);
  if (prompt.kind === 'span') return chooseSpan(state, item, prompt.typed);
  return state;
}

/** The state after a key. Pure: what is shown, stored and signed follows from it. */
export function pressKey(state: ReviewState, key: Key): ReviewState {
  const { prompt } = state;
  if (prompt.kind === 'item') return pressOnItem(state, key);
  if (key.name === 'escape') return { ...state, prompt: ITEM, said: '' };
  if (prompt.kind === 'rest') {
    return key.text === 'y' ? approveRest(state) : { ...state, prompt: ITEM, said: '' };
  }
  const item = state.items[state.at];
  if (item === undefined) return { ...state, prompt: ITEM };
  if (key.name === 'return') return submit(state, item);
  const typed =
    key.name === 'backspace' ? [...prompt.typed].slice(0, -1).join('') : prompt.typed + key.text;
  return { ...state, prompt: { ...prompt, typed } };
}
