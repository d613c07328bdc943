import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BRIEF_ATTEMPTS, ERROR_CLASSES, isRetryable, retryOf } from './retryable.js';

const codes = ERROR_CLASSES.flatMap((one) => one.codes);

/** Codes of Node and its libraries that are no numbers of the operating system. */
const OF_NODE = ['EAI_AGAIN', 'ENOTFOUND', 'ERR_STREAM_PREMATURE_CLOSE', 'OUT_OF_MEMORY'];

function isThrown(code: string): boolean {
  if (OF_NODE.includes(code) || code in constants.errno) return true;
  return ['domain', 'infra'].some((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('errors.ts'))
      .some((file) => readFileSync(join(room, file), 'utf8').includes(`'${code}'`)),
  );
}

describe('the table of what is tried again', () => {
  it.each(codes)('%s is a code that something throws', (code) => {
    expect(isThrown(code)).toBe(true);
  });

  it('names no code twice, and would see one that nothing throws', () => {
    expect(new Set(codes).size).toBe(codes.length);
    expect(isThrown('LEASE_LOST')).toBe(false);
  });

  it.each([
    ['STORE_UNAVAILABLE', 1, true],
    ['STORE_UNAVAILABLE', 19, true],
    ['STORE_LEASED', 1, true],
    ['THREAD_FAILED', 1, true],
    ['THREAD_FAILED', BRIEF_ATTEMPTS, false],
    ['ARTIFACT_CORRUPT', BRIEF_ATTEMPTS - 1, true],
    ['ARTIFACT_CORRUPT', BRIEF_ATTEMPTS, false],
    ['GATE_SHUT', 1, false],
    ['SIGNATURE_INVALID', 1, false],
    ['SCHEMA_INVALID', 1, false],
    ['DRAW_CONFLICT', 1, false],
    ['ARTIFACT_ERASED', 1, false],
    ['STORE_WRITE_ONCE', 1, false],
    ['INTERNAL', 1, false],
    ['constructor', 1, false],
  ] as const)('%s in attempt %i: %s', (code, attempt, expected) => {
    expect(isRetryable(code, attempt)).toBe(expected);
  });

  it('does not retry what it does not know', () => {
    expect(retryOf('SOMETHING_NEW')).toBe('never');
  });
});
