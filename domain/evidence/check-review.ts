import type { ReviewStatement } from '../../schemas/index.js';
import type { Bundle, BundledStatement } from './bundle-documents.js';
import { BUNDLE } from './bundle-layout.js';
import { checkPassage } from './check-passage.js';
import {
  inputsOf,
  named,
  outputsOf,
  resultsOf,
  sameDigest,
  type BundledResult,
} from './check-steps.js';
import { checkWaiver } from './check-waiver.js';
import { unless, type Finding } from './findings.js';

export type Approval = BundledStatement<ReviewStatement>;

/** The signed reviews that approve. */
export function approvalsOf(bundle: Bundle): readonly Approval[] {
  return bundle.approvals.filter(
    (one): one is Approval =>
      one.statement.predicateType === 'urn:custos:predicate:review:v1' &&
      one.statement.predicate.verdict === 'approved',
  );
}

/** A policy that waives review makes a candidate, that nobody releases, not even for a while. */
export function isWaived({ policy, entry, promotions }: Bundle): boolean {
  const released = promotions.some(
    ({ statement }) =>
      statement.predicateType === 'urn:custos:predicate:promotion:v1' &&
      statement.predicate.to === 'released',
  );
  return !policy.review.required && entry.stage !== 'released' && !released;
}

/**
 * A person approved this batch under this policy, having seen these bytes, or the policy waives
 * that; and no record came to the training but through the decisions.
 */
export function checkReview(bundle: Bundle): readonly Finding[] {
  if (isWaived(bundle)) return checkWaiver(bundle);
  const approvals = approvalsOf(bundle);
  const approved = new Set(approvals.map(({ digest }) => digest));
  return [
    ...unless(approvals.length > 0, BUNDLE.manifest, 'no signed approval is in the bundle'),
    ...unless(
      bundle.entry.approvals.length > 0 &&
        bundle.entry.approvals.every((digest) => approved.has(digest)),
      BUNDLE.entry,
      'names an approval that is not in the bundle, or none',
    ),
    ...approvals.flatMap((approval) => checkBinding(bundle, approval)),
    ...checkApplied(bundle, approvals),
    ...checkPassage(bundle),
  ];
}

const batchOf = (bundle: Bundle, { statement }: Approval): BundledResult | undefined =>
  resultsOf(bundle, 'review-batch').find(
    ({ result }) => result.values['batchRoot'] === statement.predicate.batchRoot,
  );

function checkBinding(bundle: Bundle, approval: Approval): readonly Finding[] {
  const { file, statement } = approval;
  const { shownDigest, decisionsDigest, policyDigest } = statement.predicate;
  const batch = batchOf(bundle, approval);
  const prepared = batch === undefined ? [] : outputsOf(batch);
  // The root covers what was shown; where the step also says its digest, that has to agree.
  const shown = [undefined, shownDigest].includes(
    batch?.result.values['shownDigest'] as string | undefined,
  );
  const decided = resultsOf(bundle, 'review').some(
    (one) =>
      inputsOf(one).some((digest) => prepared.includes(digest)) &&
      outputsOf(one).includes(decisionsDigest) &&
      named(one.result.outputs, 'approval').includes(approval.digest),
  );
  const samePolicy = policyDigest === bundle.manifest.policyDigest;
  return [
    ...unless(samePolicy, file, 'approves under another policy than the run had'),
    ...unless(
      batch !== undefined && shown,
      file,
      'approves a batch that no step of the bundle prepared',
    ),
    ...unless(decided, file, 'is not the approval, or not of the decisions, of the review step'),
  ];
}

/** Decisions were cut by the batch that they were made on, and applied to its records only. */
function checkApplied(bundle: Bundle, approvals: readonly Approval[]): readonly Finding[] {
  return resultsOf(bundle, 'apply').flatMap((one) => {
    const { inputs } = one.result;
    const slices = resultsOf(bundle, 'decision-slices').find(({ result }) =>
      sameDigest(named(result.outputs, 'slices'), named(inputs, 'slice')),
    )?.result;
    const decisions = slices === undefined ? [] : named(slices.inputs, 'decisions');
    const approval = approvals.find(({ statement }) =>
      decisions.includes(statement.predicate.decisionsDigest),
    );
    if (slices === undefined || approval === undefined) {
      return [{ file: one.file, problem: 'applies decisions that nobody approved' }];
    }
    const batch = batchOf(bundle, approval)?.result;
    const redacted = named(inputs, 'redacted');
    const reviewed =
      batch !== undefined &&
      sameDigest(named(batch.outputs, 'batch'), named(slices.inputs, 'batch')) &&
      sameDigest(named(batch.inputs, 'redacted'), redacted) &&
      sameDigest(named(slices.inputs, 'redacted'), redacted);
    return unless(
      reviewed,
      one.file,
      'applies decisions to records that were not in the reviewed batch',
    );
  });
}
