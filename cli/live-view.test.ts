import { describe, expect, it } from 'vitest';
import { describeAge, describeDuration } from './durations.js';
import { describeHeartbeat } from './heartbeat-words.js';
import { isMilestone } from './live-view.js';
import { describeStage } from './stage-words.js';

describe('a line of a log', () => {
  it.each([
    ['the first ten steps', 'step 10/80, loss 0.1', '', true],
    ['ten steps more, though 20 was not seen', 'step 21/80', 'step 10/80', true],
    ['less than ten steps more', 'step 19/80', 'step 10/80', false],
    ['steps before the tenth', 'step 3/80', '', false],
    ['another attack', 'attack 2/4: extraction', 'attack 1/4: exposure', true],
    ['the same attack', 'attack 1/4: exposure', 'attack 1/4: exposure', false],
    ['a retry', 'attempt 2: no store; step 11/80', 'step 10/80', true],
    ['the same retry', 'attempt 2: no store; step 12/80', 'attempt 2: no store; step 11/80', false],
    ['a count that goes on', 'records 500', '', false],
    ['a new word', 'waiting', '', true],
    ['the memory plan', 'memory: 0.74 GiB at its peak', '', true],
    ['the same plan', 'memory: 0.74 GiB at its peak', 'memory: 0.74 GiB at its peak', false],
    ['steps after the plan', 'step 10/80', 'memory: 0.74 GiB at its peak', true],
  ])('is written for %s', (_, detail, printed, expected) => {
    expect(isMilestone(detail, printed)).toBe(expected);
  });
});

describe('what a stage says', () => {
  it.each([
    [
      {
        at: 'now',
        step: 20,
        totalSteps: 80,
        loss: 0.1234,
        heldOutLoss: 0.2,
        tokensPerSecond: 762.4,
        etaSeconds: 67,
        takenBytes: 1.5 * 2 ** 30,
      },
      'step 20/80, loss 0.123, held-out 0.200, 762 tokens/s, 1 min 7 s left, 1.50 GiB',
    ],
    [{ step: 1 }, 'step 1/?'],
    [
      { step: 1, totalSteps: 8, takenBytes: 2 ** 30, plannedBytes: 1.25 * 2 ** 30 },
      'step 1/8, 1.00 of 1.25 GiB planned',
    ],
    [
      { at: 'now', plannedBytes: 5e8, plan: '0.47 GiB at its peak, activations kept' },
      'memory: 0.47 GiB at its peak, activations kept',
    ],
    [{ attack: 'records' }, 'attack 3/4: extraction of training records'],
    [{ attack: 'a new one' }, 'attack: a new one'],
    [{ at: 'now', records: 5, spans: 7 }, 'records 5, spans 7'],
  ])('%j is %s', (beat, words) => {
    expect(describeHeartbeat(beat)).toBe(words);
  });

  it('names its counts in words and leaves out reasons that took nothing', () => {
    const counts = { records: 2043, kept: 1911, exact: 67, near: 62, short: 0, shards: 8 };
    expect(describeStage('minimize', counts)).toBe(
      '1,911 kept, 67 exact duplicates, 62 near duplicates',
    );
    expect(describeStage('review', { items: 95, sample: 20, misses: 0 })).toContain('0 misses');
  });
});

describe('times', () => {
  it.each([
    [40, '0.0 s'],
    [1_440, '1.4 s'],
    [59_990, '1 min'],
    [196_000, '3 min 16 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [356_400_000, '4 d 3 h'],
  ])('%i ms took %s', (ms, words) => {
    expect(describeDuration(ms)).toBe(words);
  });

  it.each([
    [59_000, 'just now'],
    [61_000, '1 min ago'],
    [7_300_000, '2 h ago'],
    [200_000_000, '2 d ago'],
  ])('%i ms were %s', (ms, words) => {
    expect(describeAge(ms)).toBe(words);
  });
});
