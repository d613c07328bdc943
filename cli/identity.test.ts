import { describe, expect, it } from 'vitest';
import type { EvidenceKey } from '../domain/evidence/index.js';
import { requirePerson } from './identity.js';

const keyOf = (owner: string, roles: NonNullable<EvidenceKey['roles']>): EvidenceKey => ({
  keyId: `key-of-${owner}`,
  publicKey: '',
  owner,
  use: 'person',
  demo: false,
  roles,
});

const PEOPLE = [keyOf('ana', ['submitter']), keyOf('rea', ['reviewer'])];

describe('requirePerson', () => {
  it('finds who may', () => {
    expect(requirePerson(PEOPLE, 'rea', 'reviewer').keyId).toBe('key-of-rea');
  });

  it.each([
    ['kim', 'submitter', 'IDENTITY_UNKNOWN', 'custos identity create kim --role submitter'],
    ['demo-engineer', 'submitter', 'IDENTITY_UNKNOWN', 'custos identity demo'],
    ['ana', 'reviewer', 'ROLE_MISSING', 'ana is submitter, and this takes a reviewer'],
  ] as const)('says what to do about %s as %s', (subject, role, code, says) => {
    expect(() => requirePerson(PEOPLE, subject, role)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(says) as string }),
    );
  });
});
