import { ENTITY_TYPES } from '../domain/redact/index.js';
import type { ReviewDecision, ReviewItem } from '../schemas/index.js';
import { decisionsOn, openItems, type ReviewState } from './review-keys.js';
import type { Place } from './review-words.js';

export interface ScreenOptions {
  readonly color: boolean;
  /** What is said of an item that nobody has decided; open. */
  readonly undecided?: string;
}

type Style = 'removed' | 'uncertain' | 'wrong' | 'added' | 'dim' | 'bold';

const CODES: Readonly<Record<Style, string>> = {
  removed: '30;46',
  uncertain: '30;43',
  wrong: '9;35',
  added: '97;41',
  dim: '2',
  bold: '1',
};

const paint = (text: string, style: Style, { color }: ScreenOptions): string =>
  color ? `\u001B[${CODES[style]}m${text}\u001B[0m` : text;

/**
 * Text of a record as a terminal may show it: control characters and marks that turn the reading
 * direction stand as visible signs, so that a record can neither hide a part of itself nor write
 * over the screen.
 */
export function visibleText(text: string): string {
  return text.replaceAll(
    /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g,
    '\uFFFD',
  );
}

interface Mark extends Place {
  readonly style: Style;
  readonly before: string;
  readonly after: string;
}

function marksOf(item: ReviewItem, decisions: readonly ReviewDecision[]): Mark[] {
  const wrong = new Set(
    decisions.flatMap((one) => (one.action === 'wrong-span' ? [one.span] : [])),
  );
  const removed = item.spans.map((span, index): Mark => {
    const style = wrong.has(index) ? 'wrong' : span.uncertain ? 'uncertain' : 'removed';
    const { message, start, end } = span;
    return { message, start, end, style, before: '', after: `#${String(index + 1)}` };
  });
  const added = decisions.flatMap((one): Mark[] => {
    if (one.action !== 'add-span') return [];
    const { message, start, end, type } = one;
    return [{ message, start, end, style: 'added', before: '{', after: `}=${type}` }];
  });
  return [...removed, ...added].sort((a, b) => a.start - b.start);
}

function markedText(content: string, marks: readonly Mark[], options: ScreenOptions): string {
  let at = 0;
  let text = '';
  for (const { start, end, style, before, after } of marks) {
    const inner = visibleText(content.slice(start, end));
    text += visibleText(content.slice(at, start));
    text += before + paint(inner, style, options) + paint(after, 'dim', options);
    at = end;
  }
  return text + visibleText(content.slice(at));
}

function spanLine({ spans }: ReviewItem, index: number, wrong: boolean): string {
  const span = spans[index];
  if (span === undefined) return '';
  const sure = span.uncertain ? 'uncertain' : 'sure';
  const state = wrong ? ', marked as wrong' : '';
  return `  #${String(index + 1)} ${span.type}  score ${span.score.toFixed(2)}  ${span.recognizer}  ${sure}${state}`;
}

const REASONS = {
  uncertain: 'the machine was not sure',
  sample: 'drawn at random from what the machine was sure about',
} as const;

/** What was decided about an item, in words. */
export function describeDecision(decisions: readonly ReviewDecision[], undecided = 'open'): string {
  if (decisions.length === 0) return undecided;
  const [first] = decisions;
  if (first?.action === 'approve') return 'approved';
  if (first?.action === 'reject') return 'rejected';
  const added = decisions.filter(({ action }) => action === 'add-span').length;
  return `corrected: ${String(added)} missed, ${String(decisions.length - added)} wrong`;
}

/** An item in context: its redacted text with every removed span marked and numbered. */
export function renderItem(
  item: ReviewItem,
  decisions: readonly ReviewDecision[],
  options: ScreenOptions,
): string {
  const marks = marksOf(item, decisions);
  const wrong = new Set(
    decisions.flatMap((one) => (one.action === 'wrong-span' ? [one.span] : [])),
  );
  const messages = item.shown.map(({ role, content }, message) => {
    const own = marks.filter((mark) => mark.message === message);
    return `${paint(`${role}:`, 'bold', options)} ${markedText(content, own, options)}`;
  });
  return [
    `item ${item.id}  ${REASONS[item.reason]}  [${describeDecision(decisions, options.undecided)}]`,
    '',
    messages.join('\n\n'),
    '',
    ...item.spans.map((_, index) => spanLine(item, index, wrong.has(index))),
    ...(item.spans.length === 0 ? ['  nothing was removed'] : []),
  ].join('\n');
}

const HELP = `a approve  r reject  s mark a missed span  w wrong span  u undo  b back  n next
A approve all the rest  R refuse the whole batch  q save a draft and quit`;

const typeList = (): string =>
  ENTITY_TYPES.map((type, index) => `${String(index + 1)} ${type}`).join('  ');

function promptLine(state: ReviewState): string {
  const { prompt } = state;
  const open = String(openItems(state).length);
  switch (prompt.kind) {
    case 'item':
      return HELP;
    case 'words':
      return `type the words that should have been removed, then Enter (Esc leaves): ${prompt.typed}`;
    case 'type':
      return `${typeList()}\n${String(prompt.places.length)} found; number or name of the type, then Enter: ${prompt.typed}`;
    case 'span':
      return `number of the span that is no personal data, then Enter: ${prompt.typed}`;
    case 'rest':
      return `approve what is still open (${open}) without looking at each? y, or any other key: `;
  }
}

function renderEnd(state: ReviewState): string {
  const open = openItems(state).length;
  return open === 0
    ? 'Every item is decided. Enter: sign.  b back  R refuse the whole batch  q save a draft and quit'
    : `Still open: ${String(open)}. Enter: to the first of them.  A approve them  b back  q save a draft and quit`;
}

/** The whole screen of a review. */
export function renderScreen(state: ReviewState, options: ScreenOptions): string {
  const item = state.items[state.at];
  const decided = state.items.length - openItems(state).length;
  const head = `Review: item ${String(Math.min(state.at + 1, state.items.length))} of ${String(state.items.length)}, ${String(decided)} decided`;
  const body =
    item === undefined ? renderEnd(state) : renderItem(item, decisionsOn(state, item), options);
  const said = state.said === '' ? [] : [state.said];
  const asked = item === undefined && state.prompt.kind === 'item' ? [] : [promptLine(state)];
  return [paint(head, 'bold', options), '', body, '', ...said, ...asked].join('\n');
}
