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

const PEOPLE = [keyOf('ana', ['submitter']), keyOf('rea', ['reviewer']), keyOf('ada', ['auditor'])];

describe('requirePerson', () => {
  it('finds who may', () => {
    expect(requirePerson(PEOPLE, 'rea', 'sign').keyId).toBe('key-of-rea');
  });

  it.each([
    ['kim', 'submit', 'IDENTITY_UNKNOWN', 'custos identity create kim --role submitter'],
    ['demo-engineer', 'submit', 'IDENTITY_UNKNOWN', 'custos identity demo'],
    ['ana', 'sign', 'ROLE_MISSING', 'ana is submitter, and this takes a reviewer'],
    ['ada', 'export-raw', 'ROLE_MISSING', 'and this takes a submitter or reviewer'],
  ] as const)('says what to do about %s as %s', (subject, action, code, says) => {
    expect(() => requirePerson(PEOPLE, subject, action)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(says) as string }),
    );
  });
});
