import { checkSignature, isApprovalFresh } from '../../policies/index.js';
import type { Policy, ReviewStatement, SubmissionStatement } from '../../schemas/index.js';
import type { ListItem } from '../lineage/lists.js';
import type { Bundle, BundledStatement } from './bundle-documents.js';
import { BUNDLE } from './bundle-layout.js';
import {
  inputsOf,
  itemsOf,
  named,
  outputsOf,
  reachedFrom,
  resultsOf,
  runsOf,
  type BundledResult,
} from './check-steps.js';
import { isSubmittedAs } from './statements.js';
import { unless, type Finding } from './findings.js';

type Approval = BundledStatement<ReviewStatement>;

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

/** Nobody was asked: the waiver of these very shards is what was applied, and no approval is named. */
function checkWaiver(bundle: Bundle): readonly Finding[] {
  const waivers = resultsOf(bundle, 'review-waived');
  const says = waivers.every(
    ({ result: { values } }) =>
      values['meaning'] === 'waived' && values['policyPointer'] === '/review/required',
  );
  return [
    ...unless(
      waivers.length === 1 && says,
      BUNDLE.manifest,
      'no step says that the policy waived the review',
    ),
    ...unless(
      bundle.entry.approvals.length + bundle.approvals.length === 0,
      BUNDLE.entry,
      'names an approval where the policy waives the review',
    ),
    ...resultsOf(bundle, 'apply').flatMap(({ file, result: { inputs } }) =>
      unless(
        waivers.some(
          ({ result: waiver }) =>
            sameDigest(named(waiver.outputs, 'slices'), named(inputs, 'slice')) &&
            sameDigest(named(waiver.inputs, 'redacted'), named(inputs, 'redacted')),
        ),
        file,
        'applies decisions to records that the review was not waived for',
      ),
    ),
    ...checkPassage(bundle),
  ];
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

const sameDigest = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === 1 && b.length === 1 && a[0] === b[0];

/** With the apply steps taken out, nothing of what was ingested reaches the training. */
function checkPassage(bundle: Bundle): readonly Finding[] {
  const ingested = resultsOf(bundle, 'ingest')
    .flatMap(({ result }) => named(result.outputs, 'shards'))
    .flatMap((list) => [list, ...itemsOf(bundle, list).flatMap(digestOfItem)]);
  const shards = resultsOf(bundle, 'apply.shard');
  const applies = new Set([...shards, ...resultsOf(bundle, 'apply')]);
  // A shard that no decision changed has equal bytes before and after the gate, so one digest.
  const approved = new Set(shards.flatMap(({ result }) => named(result.outputs, 'approved')));
  const around = reachedFrom(bundle, ingested, (one) => applies.has(one), approved);
  return [
    ...unless(ingested.length > 0, BUNDLE.manifest, 'no ingested records are in the bundle'),
    ...unless(applies.size > 0, BUNDLE.manifest, 'no step of the bundle applies the decisions'),
    ...resultsOf(bundle, 'train').flatMap((one) =>
      unless(
        !trainedOn(bundle, one).some((digest) => around.has(digest)),
        one.file,
        'was trained on records that did not pass the review gate',
      ),
    ),
  ];
}

const digestOfItem = (item: ListItem): readonly string[] =>
  'digest' in item ? [item.digest] : named(item.outputs, 'tokens');

/** Everything that a training read: its inputs, and the token sets in its lists. */
function trainedOn(bundle: Bundle, one: BundledResult): readonly string[] {
  const inputs = inputsOf(one);
  return [...inputs, ...inputs.flatMap((digest) => itemsOf(bundle, digest)).flatMap(digestOfItem)];
}

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
    ...approvals.flatMap((approval) => checkApprover(bundle, approval, policy)),
  ];
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
