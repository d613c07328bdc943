import type { VerificationReport } from '../schemas/index.js';

type Check = VerificationReport['checks'][number];

const MARKS: Readonly<Record<Check['status'], string>> = {
  passed: 'ok',
  failed: 'FAILED',
  'not-run': 'not run',
};

/** What each check says when it passes. */
const TITLES: Readonly<Record<string, string>> = {
  'stored-evidence': 'every stage is signed, and its result is the signed one',
  'stored-artifacts': 'every artifact that a step names opens with its digest',
  manifest: 'a trusted worker signed the list of files',
  files: 'no file is missing and none was added',
  digests: 'no byte of any file was changed',
  documents: 'every document has its form',
  signatures: 'every signature verifies under a trusted key',
  ledger: 'every statement stands in the ledger',
  steps: 'every result has a signed run behind it',
  chain: 'every input was made by an earlier step',
  review: 'a person approved what was trained on',
  separation: 'submitter and approver were allowed to act',
  adapter: 'the adapter is the one that was trained and registered',
  gates: 'every required gate is open on a figure',
  stage: "the adapter's stage is the one it may have",
};

const findingsOf = ({ findings }: Check): string[] =>
  findings.map(({ file, problem }) => `    ${file}: ${problem}`);

/** The checks that did not pass, each with the file at fault. */
export function describeFailures({ checks }: VerificationReport): string {
  return checks
    .filter(({ status }) => status === 'failed')
    .flatMap((check) => [`  ${check.name}`, ...findingsOf(check)])
    .join('\n');
}

/** Every check by name, with the file at fault where one failed, and the verdict. */
export function describeVerification(report: VerificationReport, what: string): string {
  const width = Math.max(...report.checks.map(({ name }) => name.length));
  const lines = report.checks.flatMap((check) => [
    `${MARKS[check.status].padEnd(7)}  ${check.name.padEnd(width)}  ${TITLES[check.name] ?? ''}`.trimEnd(),
    ...findingsOf(check),
  ]);
  return [...lines, report.ok ? `${what} verifies` : `${what} DOES NOT VERIFY`].join('\n');
}
