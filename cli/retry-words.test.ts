import { expect, it } from 'vitest';
import { describeRetry } from './retry-words.js';

const stored = {
  message: 'The store is full; free some space or raise its quota',
  applicationFailureInfo: { type: 'STORE_FULL' },
};
const silent = { message: 'activity Heartbeat timeout', timeoutFailureInfo: { timeoutType: 3 } };
const slow = { message: 'activity StartToClose timeout', timeoutFailureInfo: { timeoutType: 1 } };

it.each([
  [{ attempt: 1, maximumAttempts: 20 }, ''],
  [
    { attempt: 2, maximumAttempts: 20, lastFailure: stored },
    'attempt 2 of 20: The store is full; free some space or raise its quota [STORE_FULL]',
  ],
  [
    { attempt: 3, maximumAttempts: 20, lastFailure: silent },
    'attempt 3 of 20: its worker was not heard of for too long: it ended, was killed (by the system when memory ran out, see its log) or hung',
  ],
  [{ attempt: 2, lastFailure: slow }, 'attempt 2: it took longer than it may'],
  [{ attempt: 2 }, 'attempt 2: tried again'],
])('%j is %j', (pending, words) => {
  expect(describeRetry(pending)).toBe(words);
});
