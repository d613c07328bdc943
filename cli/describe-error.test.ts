import { ServiceError } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { describeError } from './describe-error.js';
import { CliError } from './errors.js';

const RECORD = 'Ada Lovelace, 12 St James Square';

const withCode = (code: string): Error => Object.assign(new Error(RECORD), { code });

describe('describeError', () => {
  it.each([
    ['without a code', new TypeError(RECORD)],
    ['with a code of its own', withCode('ERR_SOMETHING')],
    ['that is none', RECORD],
  ])("keeps a library's words back: an error %s", (_what, error) => {
    const { code, message } = describeError(error);
    expect(code).toBe('INTERNAL');
    expect(message).not.toContain('Lovelace');
  });

  it('names where an unexpected error came from', () => {
    expect(describeError(new RangeError('x')).message).toContain('describe-error.test');
  });

  it.each([
    [new CliError('USAGE', 'give --cron'), 'USAGE', 'give --cron'],
    [withCode('SOURCE_MISSING'), 'SOURCE_MISSING', RECORD],
    [
      Object.assign(withCode('EACCES'), { syscall: 'open', path: '/a/file' }),
      'EACCES',
      'EACCES at open /a/file; check the path, its permissions and the disk',
    ],
    [new ServiceError('down'), 'NOT_RUNNING', 'does not answer'],
  ])('tells %s by its code', (error, code, words) => {
    const described = describeError(error);
    expect(described.code).toBe(code);
    expect(described.message).toContain(words);
  });
});
