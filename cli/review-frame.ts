import { ENTITY_TYPES } from '../domain/redact/index.js';
import { pageOf, wrapText } from './review-layout.js';
import { paint, renderItem, type ScreenOptions } from './review-screen.js';
import { decisionsOn, openItems, type ReviewState } from './review-state.js';
import { summaryLines } from './review-summary.js';

/** A terminal and what the reviewer is told about the review. */
export interface FrameOptions extends ScreenOptions {
  readonly columns: number;
  readonly rows: number;
  readonly runId: string;
  readonly submitter: string;
  readonly subject: string;
  /** Misses that the policy has planted in the batch. */
  readonly planted: number;
}

const KEYS = `a approve   r reject the record   s mark what was missed   w wrongly removed   u undo
b back   n next   ? help   A approve all the rest   R refuse the batch   q keep a draft and quit`;

const EXPLAINED = `a  approve: everything personal is removed, and nothing else (goes on to the next)
r  reject: the record is left out of the dataset
s  something personal was missed: type the words, choose what they are, they are removed
w  something was removed that is not personal: its text comes back
u  undo the last decision        b or left: back        n or right: next
A  approve every item that is still open without looking (asks first)
R  refuse the whole batch: nothing is trained on this dataset (asks first)
q  keep a draft under your name and quit; nothing is signed
space or down: the rest of a long item        < or up: back in it

[PERSON]#1    removed, the machine was sure       [PERSON]#2?   removed, it was not sure
{Ann Lee}=PERSON   marked by you as missed`;

const count = (items: number, word: string): string =>
  `${String(items)} ${word}${items === 1 ? '' : 's'}`;

function intro(state: ReviewState, { runId, submitter, subject, planted }: FrameOptions): string {
  const uncertain = state.items.filter(({ reason }) => reason === 'uncertain').length;
  const attention =
    planted === 0
      ? ''
      : `\nA few of them hold a mistake on purpose, to measure attention; no dataset holds it.`;
  return `${count(state.items.length, 'record')} of run ${runId}, submitted by ${submitter}, wait for ${subject}.

The machine has removed personal data from all records. You see ${count(uncertain, 'record')} in which it
was not sure, then ${String(state.items.length - uncertain)} drawn at random from those where it was.${attention}

For each: is everything personal removed, and nothing else? Then press a. If not, mark it.
At the end you sign. Nothing counts before that, and q keeps your work as a draft.

${EXPLAINED}`;
}

const typeList = (): string =>
  ENTITY_TYPES.map((type, index) => `${String(index + 1)} ${type}`).join('  ');

/** What is asked below the item. */
function promptLine(state: ReviewState): string {
  const { prompt } = state;
  const open = String(openItems(state).length);
  switch (prompt.kind) {
    case 'item':
      return KEYS;
    case 'intro':
      return 'Any key shows the first record.';
    case 'help':
      return 'Any key goes back.';
    case 'words':
      return `type the words that should have been removed, then Enter (Esc leaves): ${prompt.typed}`;
    case 'type':
      return `${typeList()}\n${String(prompt.places.length)} found; number or name of the type, then Enter (Esc leaves): ${prompt.typed}`;
    case 'span':
      return `number of the span that is no personal data, then Enter (Esc leaves): ${prompt.typed}`;
    case 'rest':
      return `approve what is still open (${open}) WITHOUT looking at each? y, or any other key to go on looking: `;
  }
}

function renderEnd(state: ReviewState, options: FrameOptions): string {
  const open = openItems(state).length;
  const summary = summaryLines(state, options.planted).join('\n');
  return open === 0
    ? `${paint('Every record is decided.', 'bold', options)}\n${summary}\n\nEnter: sign; what the signature means is shown before.`
    : `${paint(`Still open: ${String(open)}.`, 'bold', options)}\n${summary}\n\nEnter: to the first of them.`;
}

function bodyOf(state: ReviewState, options: FrameOptions): string {
  const item = state.items[state.at];
  if (state.prompt.kind === 'intro') return intro(state, options);
  if (state.prompt.kind === 'help') return EXPLAINED;
  return item === undefined
    ? renderEnd(state, options)
    : renderItem(item, decisionsOn(state, item), options);
}

function headOf(state: ReviewState, options: FrameOptions): string {
  const { at, items } = state;
  const open = openItems(state).length;
  const decided = items.length - open;
  const place =
    at < items.length ? `record ${String(at + 1)} of ${String(items.length)}` : 'the end';
  const width = 20;
  const done = items.length === 0 ? width : Math.floor((decided / items.length) * width);
  const bar = `[${'#'.repeat(done)}${'.'.repeat(width - done)}]`;
  return paint(
    `Review  ${place}  ${bar}  ${String(decided)} decided, ${String(open)} open`,
    'bold',
    options,
  );
}

export interface Frame {
  readonly text: string;
  /** How many pages the item takes on this terminal. */
  readonly pages: number;
}

/** The whole screen of a review; what does not fit stands on further pages, and the screen says so. */
export function renderFrame(state: ReviewState, options: FrameOptions): Frame {
  const wrap = (text: string) => wrapText(text, options.columns);
  const head = [...wrap(headOf(state, options)), ''];
  const said = state.said === '' ? [] : wrap(paint(`> ${state.said}`, 'bold', options));
  const foot = ['', ...said, ...wrap(promptLine(state))];
  const body = wrap(bodyOf(state, options));
  // One line for what is said of further pages.
  const page = pageOf(body, options.rows - head.length - foot.length - 1, state.page);
  const more =
    page.pages === 1
      ? []
      : [
          paint(
            `-- lines ${String(page.from)} to ${String(page.to)} of ${String(page.of)}; ${page.to < page.of ? 'space: the rest' : '<: back'} --`,
            'bold',
            options,
          ),
        ];
  return { text: [...head, ...page.lines, ...more, ...foot].join('\n'), pages: page.pages };
}
