import { expect, test } from 'vitest';
import type { ReviewItem } from '../schemas/index.js';
import { renderItem, visibleText } from './review-screen.js';

const item: ReviewItem = {
  id: '00000000000000a1',
  recordId: `${'0'.repeat(8)}:${'1'.repeat(64)}`,
  reason: 'uncertain',
  shown: [{ role: 'user', content: 'Ask [PERSON] about\u001B[2J room 12' }],
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

test('shows the text with numbered spans, added ones and the reason', () => {
  const added = { itemId: item.id, action: 'add-span', message: 0, start: 23, end: 30 } as const;
  const text = renderItem(item, [{ ...added, type: 'LOCATION' }], { color: false });
  expect(text).toContain('user: Ask [PERSON]#1? about\uFFFD[2J {room 12}=LOCATION');
  expect(text).toContain('#1 PERSON  UNCERTAIN: score 0.40, found by names');
  expect(text).toContain('why: the machine was not sure about #1: is it personal data?');
  expect(text).toContain('corrected: 1 missed, 0 wrong');
});

test('colours a span only where colour is on', () => {
  const escape = '\u001B[';
  expect(renderItem(item, [], { color: true })).toContain(`${escape}30;43m[PERSON]${escape}0m`);
  expect(renderItem(item, [], { color: false })).not.toContain(escape);
});

test.each([
  ['an escape sequence', '\u001B[31mred', '\uFFFD[31mred'],
  ['a text turned round', 'a\u202Eb', 'a\uFFFDb'],
  ['a return that writes over the line', 'a\rb', 'a\uFFFDb'],
  ['lines and tabs stay', 'a\n\tb', 'a\n\tb'],
])('shows %s', (_, text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

test('says below which score the policy asks, and what an item is that nobody decided', () => {
  const text = renderItem(item, [], { color: false, reviewBelow: 0.6, undecided: 'reviewed' });
  expect(text).toContain('score 0.40 (asked about below 0.60)');
  expect(text).toContain('[reviewed]');
});
