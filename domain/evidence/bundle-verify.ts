import type { EvidenceManifest, VerificationReport } from '../../schemas/index.js';
import { readDocuments, type Bundle } from './bundle-documents.js';
import { checkListing, openManifest, readFiles, type BundleReader } from './bundle-files.js';
import { BUNDLE } from './bundle-layout.js';
import { checkAdapter, checkGates } from './check-release.js';
import { checkReview } from './check-review.js';
import { checkLedger, checkSignatures } from './check-signatures.js';
import { checkStage } from './check-stage.js';
import { checkSeparation } from './check-submission.js';
import { checkChain, checkSteps } from './check-steps.js';
import { attempt, type CheckResult, type Finding } from './findings.js';
import type { EvidenceKey } from './keys.js';

type BundleCheck = (bundle: Bundle, keys: readonly EvidenceKey[]) => readonly Finding[];

/** What has to hold of a bundle whose files are the signed ones. */
const CHECKS = {
  signatures: checkSignatures,
  ledger: checkLedger,
  steps: checkSteps,
  chain: checkChain,
  review: checkReview,
  separation: checkSeparation,
  adapter: checkAdapter,
  gates: checkGates,
  stage: checkStage,
} as const satisfies Readonly<Record<string, BundleCheck>>;

/** The names of all checks, in their order. */
export const CHECK_NAMES = ['manifest', 'files', 'digests', 'documents', ...Object.keys(CHECKS)];

const resultOf = (name: string, findings: readonly Finding[]): CheckResult => ({
  name,
  status: findings.length === 0 ? 'passed' : 'failed',
  findings: [...findings],
});

/**
 * Checks an evidence bundle against the keys that the verifier trusts, with no store and no
 * network. Fails closed: `ok` only if every check ran and found nothing. Never throws for what a
 * bundle holds: every fault is a finding that names its file.
 */
export async function verifyBundle(
  reader: BundleReader,
  keys: readonly EvidenceKey[],
): Promise<VerificationReport> {
  const opened = await openManifest(reader, keys);
  const done = [resultOf('manifest', opened.findings)];
  if (opened.value !== undefined) done.push(...(await checkContent(reader, opened.value, keys)));
  const checks = CHECK_NAMES.map((name) => done.find((one) => one.name === name) ?? notRun(name));
  const ok = checks.every(({ status }) => status === 'passed');
  return { schema: 'custos.verification-report.v1', ok, checks };
}

const notRun = (name: string): CheckResult => ({ name, status: 'not-run', findings: [] });

async function checkContent(
  reader: BundleReader,
  manifest: EvidenceManifest,
  keys: readonly EvidenceKey[],
): Promise<readonly CheckResult[]> {
  const listing = await checkListing(reader, manifest);
  const { findings: changed, value: files } = await readFiles(reader, manifest);
  const done = [resultOf('files', listing), resultOf('digests', changed)];
  // What was changed is not looked into: it could only make more findings, and less clear ones.
  if (files === undefined || listing.length + changed.length > 0) return done;
  const { findings, value: bundle } = readDocuments(manifest, files);
  done.push(resultOf('documents', findings));
  if (bundle === undefined) return done;
  const checks = Object.entries<BundleCheck>(CHECKS).map(([name, run]) =>
    resultOf(
      name,
      attempt(BUNDLE.manifest, () => run(bundle, keys)),
    ),
  );
  return [...done, ...checks];
}
