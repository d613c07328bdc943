import { describe, expect, it } from 'vitest';
import { deriveSubjectKey, keyIdOf, recordIdByContent, recordIdByKey, subjectIdOf } from './ids.js';

const KEY = Uint8Array.from({ length: 32 }, (_, at) => at);
const messages = [{ role: 'user', content: 'a' }];

describe('ids', () => {
  // Computed with Python's hmac and hashlib: HMAC-SHA256(key, "key\0tickets\0T-1").
  it('is the keyed digest of source and primary key', () => {
    expect(recordIdByKey(KEY, 'tickets', 'T-1')).toBe(
      '630dcd29:6ea214083ee933dad82912168cd5d8d94f2d10589c70f91c8ed00e958dc80bd9',
    );
  });

  // Computed with Python: HKDF (RFC 5869) without salt, then HMAC-SHA256(key, "subject\0jane").
  it('names subjects under a key of their own', () => {
    const subjectKey = deriveSubjectKey(KEY);
    expect(Buffer.from(subjectKey).toString('hex')).toBe(
      '5527d1706e999265d0b1ec39878a184039142c325a0008748b844a34bfc4238e',
    );
    expect(subjectIdOf(subjectKey, 'jane')).toBe(
      'c4bdddd1:b0a699f7fb71adb1b2438b8bd7caf25b481ad5fc4976d0ceb753a767357c0346',
    );
  });

  it.each([
    ['source', recordIdByKey(KEY, 'chats', 'T-1')],
    ['primary key', recordIdByKey(KEY, 'tickets', 'T-2')],
    ['kind', recordIdByContent(KEY, 'tickets', 'T-1', 0)],
    ['key', recordIdByKey(new Uint8Array(32), 'tickets', 'T-1')],
  ])('differs by %s', (_, id) => {
    expect(id).not.toBe(recordIdByKey(KEY, 'tickets', 'T-1'));
  });

  it('tells equal contents apart by their ordinal', () => {
    const ids = [0, 1, 11].map((ordinal) => recordIdByContent(KEY, 's', messages, ordinal));
    expect(new Set(ids).size).toBe(3);
  });

  it('refuses a short key and does not show keys in ids', () => {
    expect(() => recordIdByKey(KEY.subarray(1), 's', 'k')).toThrow(TypeError);
    expect(keyIdOf(KEY)).toMatch(/^[0-9a-f]{8}$/);
  });
});
