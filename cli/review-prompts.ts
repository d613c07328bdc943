import type { ReviewDecision, ReviewItem } from '../schemas/index.js';
import {
  decisionsOn,
  isCorrection,
  ITEM,
  put,
  type Prompt,
  type ReviewState,
} from './review-state.js';
import { findWords, typeOf } from './review-words.js';

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

/** The state after what was typed into a prompt was entered. */
export function submit(state: ReviewState, item: ReviewItem): ReviewState {
  const { prompt } = state;
  if (prompt.kind === 'words') return chooseWords(state, item, prompt.typed);
  if (prompt.kind === 'type') return chooseType(state, item, prompt);
  if (prompt.kind === 'span') return chooseSpan(state, item, prompt.typed);
  return state;
}
