import { describe, expect, it } from 'vitest';
import { addsUp, describeAccount, recordAccount, type AccountSources } from './record-account.js';
import { sequencesRead } from './trained-records.js';

const SOURCES: AccountSources = {
  ingest: { rows: 100, records: 96, badByReason: { NOT_JSON: 3, FIELD_MISSING: 1 } },
  redact: { records: 96, dropped: 1, 'dropped.CREDIT_CARD': 1 },
  apply: { records: 95, rejected: 2 },
  plan: { records: 93, kept: 80, exact: 8, near: 4, short: 1, long: 0, budget: 0 },
  tokenize: { sequences: 79, dropped: 1, heldOut: 9 },
  inject: { canaries: 16 },
  train: { examples: 77, steps: 5 },
};

describe('the account of records', () => {
  it('adds up from the rows to what training was given', () => {
    const account = recordAccount(SOURCES);
    expect(addsUp(account)).toBe(true);
    expect(account.filter(({ kind }) => kind === 'left').map(({ count }) => count)).toEqual([
      96, 80, 70, 77,
    ]);
  });

  it.each([
    ['a record that vanished at ingest', { ingest: { ...SOURCES.ingest, records: 95 } }],
    ['a kept record too many', { plan: { ...SOURCES.plan, kept: 81 } }],
    ['a rejection that is not told', { apply: { records: 95, rejected: 1 } }],
  ])('does not with %s', (_, change) => {
    expect(addsUp(recordAccount({ ...SOURCES, ...change }))).toBe(false);
  });

  it('names every reason that took a record, and none that took nothing', () => {
    const said = describeAccount(recordAccount(SOURCES));
    expect(said).toMatch(/- +4 {2}quarantined: .* \(NOT_JSON 3, FIELD_MISSING 1\)/);
    expect(said).toMatch(/\+ +7 {2}canary sequences .* of 16 went in/);
    expect(said).toMatch(/dropped whole by the redaction policy +\(they hold CREDIT_CARD 1\)/);
    expect(said).toContain('rejected by the reviewer');
    expect(said).not.toContain('too long');
  });
});

it('a plan that stops early reads less than it was given', () => {
  expect([...sequencesRead({ steps: [[[0, 2], [4]], [[2, 5]]] })]).toEqual([0, 2, 4, 5]);
});
