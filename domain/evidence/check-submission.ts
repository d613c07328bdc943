import { checkSignature, isApprovalFresh } from '../../policies/index.js';
import type { Policy, SubmissionStatement } from '../../schemas/index.js';
import type { Bundle } from './bundle-documents.js';
import { BUNDLE } from './bundle-layout.js';
import { approvalsOf, isWaived, type Approval } from './check-review.js';
import { named, resultsOf, runsOf } from './check-steps.js';
import { unless, type Finding } from './findings.js';
import { isSubmittedAs } from './statements.js';

/**
 * The submitter signed this request under this policy, and whoever approved it was allowed to:
 * another person where the policy says so, authenticated recently, the approval not too old.
 */
export function checkSeparation(bundle: Bundle): readonly Finding[] {
  const { manifest, submission, policy } = bundle;
  const { statement } = submission;
  if (statement.predicateType !== 'urn:custos:predicate:submission:v1') {
    return [{ file: BUNDLE.submission, problem: 'is not a submission' }];
  }
  const approvals = isWaived(bundle) ? [] : approvalsOf(bundle);
  return [
    ...unless(
      isSubmissionOf(bundle, statement),
      BUNDLE.submission,
      `does not submit this request and policy as run ${manifest.runId}`,
    ),
    ...checkSources(bundle, statement),
    ...approvals.flatMap((approval) => checkApprover(bundle, approval, policy)),
  ];
}

/** What was ingested is what the submitter's machine had found, source by source. */
function checkSources(bundle: Bundle, { predicate }: SubmissionStatement): readonly Finding[] {
  const { sources } = bundle.request.dataset;
  return resultsOf(bundle, 'ingest').flatMap(({ file, result }) => {
    const manifests = named(result.inputs, 'manifests');
    return (predicate.sources ?? []).flatMap(({ name, digest }) =>
      unless(
        manifests[sources.findIndex((source) => source.name === name)] === digest,
        file,
        `did not read source ${name} as it was submitted`,
      ),
    );
  });
}

function isSubmissionOf({ manifest }: Bundle, { predicate }: SubmissionStatement): boolean {
  return (
    isSubmittedAs(predicate, manifest) &&
    predicate.requestDigest === manifest.runRequestDigest &&
    predicate.policyDigest === manifest.policyDigest &&
    predicate.actor.issuer === manifest.submitter.issuer &&
    predicate.actor.subject === manifest.submitter.subject
  );
}

function checkApprover(bundle: Bundle, approval: Approval, policy: Policy): readonly Finding[] {
  const { file, envelope, statement } = approval;
  const { actor, signedAt } = statement.predicate;
  const { submitter } = bundle.manifest;
  const nowMs = Date.parse(signedAt);
  const refusals = checkSignature({ actor, action: 'sign', submitter, nowMs }, policy);
  const submitterKeys = bundle.submission.envelope.signatures.map(({ keyid }) => keyid);
  const ownKey = envelope.signatures.some(({ keyid }) => submitterKeys.includes(keyid));
  return [
    ...refusals.map(({ reason }) => ({ file, problem: reason })),
    ...unless(
      !ownKey || !policy.review.separateSubmitter,
      file,
      'is signed with the key that submitted the run',
    ),
    ...runsOf(bundle)
      .filter(({ run }) => run.runId === bundle.manifest.runId && run.step.includes('.release.'))
      .flatMap(({ run }) =>
        unless(
          isApprovalFresh(nowMs, Date.parse(run.startedAt), policy),
          file,
          'was too old, or not yet signed, at the time of the release step',
        ),
      ),
  ];
}
