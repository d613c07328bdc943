import type { ReviewDecision, ReviewItem } from '../schemas/index.js';
import type { Place } from './review-words.js';

export interface ScreenOptions {
  readonly color: boolean;
  /** What is said of an item that nobody has decided; open. */
  readonly undecided?: string;
  /** The policy's /redact/reviewBelow. */
  readonly reviewBelow?: number;
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

export const paint = (text: string, style: Style, { color }: ScreenOptions): string =>
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
    // Told apart without colour, too.
    const after = `#${String(index + 1)}${span.uncertain ? '?' : ''}`;
    return { message, start, end, style, before: '', after };
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

function spanLine(
  { spans }: ReviewItem,
  index: number,
  wrong: boolean,
  { reviewBelow }: ScreenOptions,
): string {
  const span = spans[index];
  if (span === undefined) return '';
  const score = span.score.toFixed(2);
  const limit = reviewBelow === undefined ? '' : ` (asked about below ${reviewBelow.toFixed(2)})`;
  const sure = span.uncertain ? `UNCERTAIN: score ${score}${limit}` : `sure: score ${score}`;
  const how = span.action === undefined ? '' : `, written as ${span.action}`;
  const state = wrong ? '  -> marked as wrong, gets its text back' : '';
  return `  #${String(index + 1)} ${span.type}  ${sure}, found by ${span.recognizer}${how}${state}`;
}

/** Why an item is in the batch, in words. */
function reasonOf({ reason, spans }: ReviewItem): string {
  if (reason === 'sample') {
    return 'drawn at random from what the machine was sure about: look for what it missed';
  }
  const uncertain = spans.flatMap((span, index) =>
    span.uncertain ? [`#${String(index + 1)}`] : [],
  );
  const about = uncertain.length === 0 ? '' : ` about ${uncertain.join(', ')}`;
  return `the machine was not sure${about}: is it personal data?`;
}

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
    `item ${item.id}  [${describeDecision(decisions, options.undecided)}]`,
    `why: ${reasonOf(item)}`,
    '',
    messages.join('\n\n'),
    '',
    ...item.spans.map((_, index) => spanLine(item, index, wrong.has(index), options)),
    ...(item.spans.length === 0 ? ['  nothing was removed'] : []),
  ].join('\n');
}
