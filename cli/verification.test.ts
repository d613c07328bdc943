import { expect, test } from 'vitest';
import { CHECK_NAMES } from '../domain/evidence/index.js';
import type { VerificationReport } from '../schemas/index.js';
import { describeFailures, describeVerification } from './verification.js';

const report: VerificationReport = {
  schema: 'custos.verification-report.v1',
  ok: false,
  checks: [
    { name: 'manifest', status: 'passed', findings: [] },
    { name: 'digests', status: 'failed', findings: [{ file: 'policy.json', problem: 'changed' }] },
    { name: 'chain', status: 'not-run', findings: [] },
  ],
};

test('names every check, the file at fault, and the verdict', () => {
  const text = describeVerification(report, 'evidence');
  expect(text.split('\n')).toEqual([
    'ok       manifest  a trusted worker signed the list of files',
    'FAILED   digests   no byte of any file was changed',
    '    policy.json: changed',
    'not run  chain     every input was made by an earlier step',
    'evidence DOES NOT VERIFY',
  ]);
});

test('failures alone leave out what passed and what was not reached', () => {
  expect(describeFailures(report)).toBe('  digests\n    policy.json: changed');
});

test('only a report that is ok is said to verify', () => {
  expect(describeVerification({ ...report, ok: true }, 'evidence')).toMatch(/^evidence verifies$/m);
});

test.each(CHECK_NAMES)('says in words what the check %s is', (name) => {
  const one: VerificationReport = {
    ...report,
    checks: [{ name, status: 'passed', findings: [] }],
  };
  expect(describeVerification(one, 'x').split('\n')[0]).toMatch(/^ok {7}\S+ {2}\w+ \w+/);
});
