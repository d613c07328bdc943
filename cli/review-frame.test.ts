import { describe, expect, it } from 'vitest';
import type { ReviewItem } from '../schemas/index.js';
import { renderFrame, type FrameOptions } from './review-frame.js';
import { pressKey } from './review-keys.js';
import { startReview, type ReviewState } from './review-state.js';

const itemOf = (at: number, reason: ReviewItem['reason'], content: string): ReviewItem => ({
  id: `00000000000000b${String(at)}`,
  recordId: `${'0'.repeat(8)}:${'1'.repeat(64)}`,
  reason,
  shown: [{ role: 'user', content }],
  spans: [],
});

const words = Array.from({ length: 400 }, (_, index) => `word${String(index)}`);
const ITEMS = [itemOf(0, 'uncertain', words.join(' ')), itemOf(1, 'sample', 'Nothing to see.')];

const OPTIONS: FrameOptions = {
  color: false,
  columns: 80,
  rows: 24,
  runId: 'run-1',
  submitter: 'ann',
  subject: 'rea',
  planted: 0,
};

const press = (state: ReviewState, keys: string): ReviewState =>
  [...keys].reduce((now, key) => {
    const name = key === '\n' ? 'return' : key;
    return pressKey(now, { name, text: key });
  }, state);

const shown = (state: ReviewState, change: Partial<FrameOptions> = {}): string =>
  renderFrame(state, { ...OPTIONS, ...change }).text;

describe('the screen of a review', () => {
  it('tells a reviewer what it is before the first item', () => {
    const text = shown(startReview(ITEMS, undefined, { kind: 'intro' }), {
      rows: 60,
      columns: 120,
    });
    expect(text).toContain('2 records of run run-1, submitted by ann, wait for rea.');
    expect(text).toContain('Nothing counts before that');
    expect(text).not.toContain('on purpose');
    const planted = shown(startReview(ITEMS, undefined, { kind: 'intro' }), {
      rows: 60,
      planted: 2,
    });
    expect(planted).toContain('on purpose');
  });

  it('shows the keys, the place and the progress with every item', () => {
    const text = shown(press(startReview([ITEMS[1] as ReviewItem, ITEMS[1] as ReviewItem]), 'n'));
    expect(text).toContain('record 2 of 2');
    expect(text).toContain('0 decided, 2 open');
    for (const key of ['a approve', 'r reject', 's mark', 'u undo', 'q keep']) {
      expect(text).toContain(key);
    }
  });

  it('fits the terminal, and every word of a long item is on one of its pages', () => {
    let state = startReview(ITEMS);
    const seen: string[] = [];
    const { pages } = renderFrame(state, OPTIONS);
    expect(pages).toBeGreaterThan(2);
    for (let page = 0; page < pages; page += 1) {
      const text = shown(state);
      expect(text.split('\n').length).toBeLessThanOrEqual(OPTIONS.rows);
      expect(text.split('\n').every((line) => line.length <= OPTIONS.columns)).toBe(true);
      expect(text).toMatch(/-- lines \d+ to \d+ of \d+/);
      seen.push(text);
      state = press({ ...state, pages }, ' ');
    }
    const all = new Set(seen.join(' ').match(/word\d+/g));
    expect(words.filter((word) => !all.has(word))).toEqual([]);
  });

  it('ends with what was decided and the sentence with the number', () => {
    expect(shown(press(startReview(ITEMS), 'nn'))).toContain('Still open: 2');
    const text = shown(press(startReview(ITEMS), 'aa'));
    expect(text).toContain('2 approved');
    expect(text).toContain('0 misses in 1: at most 95% at 95% confidence');
    expect(text).toContain('Enter: sign');
    const rejected = shown(press(startReview(ITEMS), 'ar'), { planted: 2 });
    expect(rejected).toContain('misses in 1 of 1; a few are planted');
    expect(rejected).not.toContain('confidence');
  });

  it('asks before it approves what nobody has seen', () => {
    const text = shown(press(startReview(ITEMS), 'A'));
    expect(text).toContain('approve what is still open (2) WITHOUT looking');
  });
});
