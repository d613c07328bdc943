import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Actor, Policy } from '../schemas/index.js';
import {
  checkRole,
  checkSignature,
  isApprovalFresh,
  parsePolicyText,
  resolvePolicy,
  type Action,
  type Role,
} from './index.js';

const text = readFileSync(new URL('default.yaml', import.meta.url), 'utf8');
const policy = resolvePolicy('default', [parsePolicyText(text, 'default')]);
const NOW = Date.parse('2026-01-02T12:00:00Z');
const MINUTE = 60_000;

const reviewer: Actor = {
  issuer: 'local',
  subject: 'rita',
  roles: ['reviewer'],
  authTime: '2026-01-02T11:55:00Z',
  method: 'passphrase',
};

describe('checkRole', () => {
  const allowed: Record<Role, readonly Action[]> = {
    submitter: ['submit', 'cancel', 'export-evidence', 'export-raw'],
    reviewer: ['cancel', 'decide', 'sign', 'revoke', 'export-evidence', 'export-raw', 'hold'],
    releaser: [
      'cancel',
      'release',
      'revoke',
      'rollback',
      'export-evidence',
      'hold',
      'release-hold',
    ],
    auditor: ['export-evidence', 'hold', 'release-hold'],
    worker: ['run-step'],
  };
  const actions = [...new Set(Object.values(allowed).flat())];

  it.each(Object.entries(allowed))('%s may do exactly this', (role, may) => {
    const actor = { ...reviewer, roles: [role as Role] };
    const seen = actions.filter((action) => checkRole(actor, action) === undefined);
    expect(seen.toSorted()).toEqual([...may].toSorted());
  });

  it('refuses everything without a role', () => {
    const actor = { ...reviewer, roles: [] };
    expect(actions.every((action) => checkRole(actor, action)?.code === 'ROLE_MISSING')).toBe(true);
  });
});

describe('checkSignature', () => {
  const submitter = { issuer: 'local', subject: 'sam' };
  const codes = (
    actor: Partial<Actor>,
    review: Partial<Policy['review']> = {},
    by = submitter,
  ): string[] =>
    checkSignature(
      { actor: { ...reviewer, ...actor }, action: 'sign', submitter: by, nowMs: NOW },
      { ...policy, review: { ...policy.review, ...review } },
    ).map(({ code }) => code);

  it.each([
    ['a fresh reviewer', codes({}), []],
    ['the submitter', codes({}, {}, { issuer: 'local', subject: 'rita' }), ['SELF_APPROVAL']],
    ['a namesake of another issuer', codes({}, {}, { issuer: 'oidc', subject: 'rita' }), []],
    [
      'the submitter, where the policy lets them',
      codes({}, { separateSubmitter: false }, { issuer: 'local', subject: 'rita' }),
      [],
    ],
    ['another role', codes({ roles: ['auditor'] }), ['ROLE_MISSING']],
    ['exactly as old as allowed', codes({ authTime: '2026-01-02T11:45:00Z' }), []],
    ['too old', codes({ authTime: '2026-01-02T11:44:59Z' }), ['AUTHENTICATION_STALE']],
    ['within the skew of clocks', codes({ authTime: '2026-01-02T12:01:00Z' }), []],
    [
      'from the future',
      codes({ authTime: '2026-01-02T12:01:01Z' }),
      ['AUTHENTICATION_FROM_FUTURE'],
    ],
    ['a demo actor', codes({ method: 'demo' }), ['DEMO_REFUSED']],
    ['a demo actor, allowed', codes({ method: 'demo' }, { allowDemoSignature: true }), []],
    ['a service', codes({ method: 'service' }), ['SERVICE_REFUSED']],
  ])('%s', (_, seen, expected) => {
    expect(seen).toEqual(expected);
  });

  it('refuses an unreadable time', () => {
    expect(codes({ authTime: 'yesterday' })).not.toEqual([]);
  });
});

describe('isApprovalFresh', () => {
  it.each([
    [0, true],
    [-MINUTE, true],
    [90 * 1440 * MINUTE, true],
    [90 * 1440 * MINUTE + 1, false],
    [-MINUTE - 1, false],
    [NaN, false],
  ])('%d ms after the signature: %s', (age, fresh) => {
    expect(isApprovalFresh(NOW - age, NOW, policy)).toBe(fresh);
  });
});
