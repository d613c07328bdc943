import type { ReviewItem } from '../schemas/index.js';
import { submit } from './review-prompts.js';
import {
  decide,
  decisionsOn,
  goTo,
  isCorrection,
  ITEM,
  openItems,
  put,
  undo,
  type Key,
  type Prompt,
  type ReviewState,
} from './review-state.js';

const next = (state: ReviewState): ReviewState => goTo(state, state.at + 1);

const turn = (state: ReviewState, by: number): ReviewState => ({
  ...state,
  page: Math.min(Math.max(0, state.page + by), state.pages - 1),
  said: '',
});

function approve(state: ReviewState, item: ReviewItem): ReviewState {
  if (state.page < state.pages - 1) {
    return { ...turn(state, 1), said: 'there was more of it: read on, then approve' };
  }
  const corrections = decisionsOn(state, item).filter(isCorrection);
  const decisions =
    corrections.length > 0 ? corrections : [{ itemId: item.id, action: 'approve' } as const];
  return { ...next(put(state, item, decisions)), said: '' };
}

function approveRest(state: ReviewState): ReviewState {
  const open = openItems(state);
  const decided = new Map(state.decided);
  for (const { id } of open) decided.set(id, [{ itemId: id, action: 'approve' }]);
  const said = `approved without a look: ${String(open.length)}; u takes it back`;
  const unseen = new Set([...state.unseen, ...open.map(({ id }) => id)]);
  return { ...goTo(decide(state, { decided, unseen }), state.items.length), said };
}

type OnItem = (state: ReviewState, item: ReviewItem) => ReviewState;
const ask =
  (prompt: Prompt): OnItem =>
  (state) => ({ ...state, prompt, said: '' });

const ITEM_KEYS: Readonly<Record<string, OnItem>> = {
  a: approve,
  r: (state, item) => ({
    ...next(put(state, item, [{ itemId: item.id, action: 'reject' }])),
    said: '',
  }),
  s: ask({ kind: 'words', typed: '' }),
  w: (state, item) =>
    item.spans.length === 0
      ? { ...state, said: 'nothing was removed from this item' }
      : ask({ kind: 'span', typed: '' })(state, item),
  n: (state) => ({ ...next(state), said: '' }),
  ' ': (state) => turn(state, 1),
};

/** Keys that work on every item and at the end. */
const KEYS: Readonly<Record<string, (state: ReviewState) => ReviewState>> = {
  b: (state) => ({ ...goTo(state, state.at - 1), said: '' }),
  u: undo,
  '?': (state) => ({ ...state, prompt: { kind: 'help' }, said: '' }),
  A: (state) =>
    openItems(state).length === 0
      ? { ...goTo(state, state.items.length), said: 'every item is decided' }
      : { ...state, prompt: { kind: 'rest' }, said: '' },
  R: (state) => ({ ...state, end: 'refuse' }),
  q: (state) => ({ ...state, end: 'quit' }),
  '<': (state) => turn(state, -1),
};

const ALIASES: Readonly<Record<string, string>> = {
  left: 'b',
  right: 'n',
  down: ' ',
  pagedown: ' ',
  up: '<',
  pageup: '<',
};

function pressOnItem(state: ReviewState, { name, text }: Key): ReviewState {
  const key = ALIASES[name] ?? text;
  const item = state.items[state.at];
  const common = KEYS[key];
  if (common !== undefined) return common(state);
  if (item !== undefined) {
    const act = ITEM_KEYS[key];
    if (act !== undefined) return act(state, item);
    return { ...state, said: 'this key does nothing here; the keys are below, ? explains them' };
  }
  if (name !== 'return') return state;
  const open = state.items.findIndex(({ id }) => !state.decided.has(id));
  if (open === -1) return { ...state, end: 'sign' };
  return { ...goTo(state, open), said: `still open: ${String(openItems(state).length)}` };
}

/** The state after a key. Pure: what is shown, stored and signed follows from it. */
export function pressKey(state: ReviewState, key: Key): ReviewState {
  const { prompt } = state;
  if (prompt.kind === 'item') return pressOnItem(state, key);
  if (key.name === 'escape' || prompt.kind === 'help' || prompt.kind === 'intro') {
    return { ...state, prompt: ITEM, said: '' };
  }
  if (prompt.kind === 'rest') {
    if (key.text === 'y') return approveRest(state);
    return { ...state, prompt: ITEM, said: 'nothing was approved' };
  }
  const item = state.items[state.at];
  if (item === undefined) return { ...state, prompt: ITEM };
  if (key.name === 'return') return submit(state, item);
  const typed =
    key.name === 'backspace' ? [...prompt.typed].slice(0, -1).join('') : prompt.typed + key.text;
  return { ...state, prompt: { ...prompt, typed } };
}
