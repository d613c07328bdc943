import { describe, expect, test } from 'vitest';
import { batchRoot, checkDecisions } from '../domain/review/index.js';
import type { ReviewBatch, ReviewItem } from '../schemas/index.js';
import { pressKey } from './review-keys.js';
import { allDecisions, openItems, startReview, workOf, type ReviewState } from './review-state.js';
import { decidedOf } from './review-summary.js';
import { findWords, typeOf } from './review-words.js';
import { decisionsFor, meaningOf } from './review-work.js';

const first: ReviewItem = {
  id: '00000000000000a1',
  recordId: `${'0'.repeat(8)}:${'1'.repeat(64)}`,
  reason: 'uncertain',
  shown: [
    { role: 'user', content: 'Ask [PERSON] or Ann  Lee; Annette is away. (Ann Lee)' },
    { role: 'assistant', content: 'I wrote to ann lee.' },
  ],
  spans: [
    {
      message: 0,
      start: 4,
      end: 12,
      type: 'PERSON',
      score: 0.4,
      recognizer: 'names',
      uncertain: true,
    },
  ],
};
const second: ReviewItem = {
  id: '00000000000000b2',
  recordId: `${'0'.repeat(8)}:${'2'.repeat(64)}`,
  reason: 'sample',
  shown: [{ role: 'user', content: 'Nothing to see.' }],
  spans: [],
};
const items = [first, second];
const batch: ReviewBatch = {
  schema: 'custos.review-batch.v1',
  dataset: `sha256:${'3'.repeat(64)}`,
  overlayDigest: `sha256:${'4'.repeat(64)}`,
  items,
};

/** Presses keys: words in angle brackets are named keys, the rest is typed. */
function press(keys: string, state: ReviewState = startReview(items)): ReviewState {
  return (keys.match(/<\w+>|./gsu) ?? []).reduce((now, key) => {
    const named = /^<(\w+)>$/.exec(key)?.[1];
    return pressKey(
      now,
      named === undefined ? { name: key, text: key } : { name: named, text: '' },
    );
  }, state);
}

const actionsOf = (state: ReviewState) => allDecisions(state).map(({ action }) => action);

describe('keys of a review', () => {
  test.each([
    ['approve each, Enter at the end signs', 'aa<return>', ['approve', 'approve'], 'sign'],
    ['reject and approve', 'ra', ['reject', 'approve'], undefined],
    ['approve all the rest takes a yes', 'Ay<return>', ['approve', 'approve'], 'sign'],
    ['anything but yes approves nothing', 'An', [], undefined],
    ['the rest leaves what is decided', 'rAy', ['reject', 'approve'], undefined],
    ['back and another decision', 'abr', ['reject'], undefined],
    ['undo opens an item again', 'abu', [], undefined],
    ['undo takes back the last decision, wherever the reviewer is', 'au', [], undefined],
    ['undo takes back one after the other', 'aruu', [], undefined],
    ['undo takes back the rest at once', 'rAyu', ['reject'], undefined],
    ['undo without a decision does nothing', 'u', [], undefined],
    ['undo after a correction keeps the one before', 'w1<return>wu<escape>u', [], undefined],
    ['quit', 'aq', ['approve'], 'quit'],
    ['refuse the batch', 'R', [], 'refuse'],
    ['next decides nothing', 'nn', [], undefined],
    ['unknown keys do nothing', 'xyz1<up><escape>', [], undefined],
  ])('%s', (_, keys, actions, end) => {
    const state = press(keys);
    expect(actionsOf(state)).toEqual(actions);
    expect(state.end).toBe(end);
  });

  test('knows what was approved without a look, until it is decided by itself or undone', () => {
    expect(press('rAy').unseen).toEqual(new Set([second.id]));
    expect(press('rAyba').unseen).toEqual(new Set());
    expect(press('rAyu').unseen).toEqual(new Set());
    expect(meaningOf('approved', 1)).toContain('1 of them without looking');
    expect(meaningOf('approved')).toContain('I have looked at the items');
  });

  test('undo shows the item that it is about', () => {
    expect(press('aau')).toMatchObject({ at: 1, said: 'undone: this is item 2 as it was before' });
  });

  test('an item with more below is read to its end before it can be approved', () => {
    const long = { ...startReview(items), pages: 3 };
    const state = press('a', long);
    expect(state).toMatchObject({ at: 0, page: 1 });
    expect(state.said).toContain('read on');
    expect(actionsOf(state)).toEqual([]);
    expect(actionsOf(press('aaa', long))).toEqual(['approve']);
    expect(actionsOf(press('<down> <up> a', long))).toEqual(['approve']);
    expect(press('<down>a', long)).toMatchObject({ at: 0, page: 2 });
  });

  test.each(['?', 'x'])('%s decides nothing and says something', (key) => {
    const state = press(key);
    expect(state.prompt.kind === 'help' || state.said !== '').toBe(true);
    expect(actionsOf(press('a', state)).length).toBe(key === '?' ? 0 : 1);
  });

  test('the first key of a review only begins it', () => {
    const state = press('a', startReview(items, undefined, { kind: 'intro' }));
    expect(state.prompt).toEqual({ kind: 'item' });
    expect(actionsOf(state)).toEqual([]);
  });

  test('Enter at the end with open items leads to the first of them and signs nothing', () => {
    const state = press('na<return>');
    expect(state).toMatchObject({ at: 0 });
    expect(state.end).toBeUndefined();
    expect(openItems(state)).toEqual([first]);
  });

  test('marks every place of missed words with a type, and the batch accepts it', () => {
    const state = press('sann lee<return>1<return>aa');
    const added = allDecisions(state).filter(({ action }) => action === 'add-span');
    expect(added).toMatchObject([
      { message: 0, start: 16, end: 24, type: 'PERSON' },
      { message: 0, start: 44, end: 51, type: 'PERSON' },
      { message: 1, start: 11, end: 18, type: 'PERSON' },
    ]);
    expect(checkDecisions(batch, allDecisions(state))).toEqual([]);
  });

  test('a correction stays when the item is approved, and a reject replaces it', () => {
    expect(actionsOf(press('w1<return>a'))).toEqual(['wrong-span']);
    expect(actionsOf(press('w1<return>w1<return>'))).toEqual([]);
    expect(actionsOf(press('w1<return>r'))).toEqual(['reject']);
    expect(actionsOf(press('absann lee<return>1<return>'))).toEqual(Array(3).fill('add-span'));
  });

  test.each([
    ['words that are not there', 'sBob<return>', /not in the item/],
    ['words inside a placeholder', 'sPERSON<return>', /not in the item/],
    ['no words', 's <return>', /not in the item/],
    ['a span that is not listed', 'w2<return>', /numbered 1 to 1/],
    ['a wrong span where none is', 'nw', /nothing was removed/],
    ['a type that does not exist', 'sann<return>99<return>', /number of the list/],
  ])('says what is wrong with %s and decides nothing', (_, keys, said) => {
    const state = press(keys);
    expect(state.said).toMatch(said);
    expect(allDecisions(state)).toEqual([]);
  });

  test('letters are typed, not obeyed, while words are asked for; Escape leaves', () => {
    const state = press('sqAr<backspace>');
    expect(state.prompt).toEqual({ kind: 'words', typed: 'qA' });
    expect(press('<escape>', state).prompt).toEqual({ kind: 'item' });
  });

  test('a draft keeps what was approved without a look, for the signature to say', () => {
    const blind = press('aAy');
    const again = startReview(items, workOf(blind));
    expect(again.unseen).toEqual(blind.unseen);
    expect(meaningOf('approved', decidedOf(again).unseen)).toContain('without looking at each');
  });

  test('goes on from a draft at the first open item', () => {
    const state = startReview(items, {
      decisions: [{ itemId: first.id, action: 'approve' }],
      unseen: [],
    });
    expect(state.at).toBe(1);
    expect(decisionsFor(batch, allDecisions(press('r', state)))).toEqual({
      schema: 'custos.review-decisions.v1',
      batchRoot: batchRoot(batch),
      decisions: [
        { itemId: first.id, action: 'approve' },
        { itemId: second.id, action: 'reject' },
      ],
    });
  });
});

test.each([
  [
    'whole words before parts',
    'ann',
    [
      [16, 19],
      [44, 47],
      [11, 14],
    ],
  ],
  ['parts where there are no whole words', 'nnett', [[27, 32]]],
  ['signs of a pattern as themselves', '(ann', [[43, 47]]],
])('finds %s', (_, typed, expected) => {
  const found = findWords(first, [], typed).map(({ start, end }) => [start, end]);
  expect(found).toEqual(expected);
});

test.each([
  ['1', 'PERSON'],
  ['iban', 'IBAN_CODE'],
  ['US_SSN', 'US_SSN'],
  ['US_', undefined],
  ['0', undefined],
  ['', undefined],
])('type %j means %s', (typed, type) => {
  expect(typeOf(typed)).toBe(type);
});
