import { sha256 } from '../../domain/lineage/index.js';
import type { ArtifactRef, GateDecision, StepResult } from '../../schemas/index.js';
import type { Changes } from './evidence-bundle.js';

const isOf = (result: StepResult, base: string) => result.step === `custos.${base}.v1`;

const waiver: ArtifactRef = {
  digest: sha256('the waiver'),
  class: 'evidence',
  mediaType: 'application/vnd.custos.review-waiver+json',
  sizeBytes: 10,
};

/** A run whose policy waives the review: one result in place of batch, review and slices. */
function withoutReview(results: readonly StepResult[]): readonly StepResult[] {
  return results.flatMap((one): StepResult[] => {
    if (isOf(one, 'review-batch') || isOf(one, 'review')) return [];
    if (isOf(one, 'decision-slices')) {
      const { redacted } = one.inputs;
      return [
        {
          ...one,
          step: 'custos.review-waived.v1',
          inputs: { redacted: redacted as ArtifactRef },
          outputs: { waiver, slices: one.outputs['slices'] as ArtifactRef },
          values: { meaning: 'waived', policyPointer: '/review/required' },
        },
      ];
    }
    if (!isOf(one, 'release')) return [one];
    const { approval: _approval, reviewReport: _report, ...inputs } = one.inputs;
    return [{ ...one, inputs: { ...inputs, waiver } }];
  });
}

const unreviewed = (decision: GateDecision): GateDecision => ({
  outcome: 'unreviewed-candidate',
  validUntil: null,
  gates: [
    ...decision.gates.filter(({ group }) => group !== 'review'),
    {
      name: 'review-not-waived',
      group: 'policy',
      required: true,
      verdict: 'shut',
      figure: false,
      limit: true,
      reason: 'the policy has a human review the data: false, allowed true',
    },
  ],
});

/** The changes that make a bundle of a run that nobody reviewed, as its policy has it. */
export const WAIVED: Changes = {
  policy: (policy) => ({
    ...policy,
    review: { ...policy.review, required: false },
    release: {
      ...policy.release,
      requires: policy.release.requires.filter((group) => group !== 'review'),
    },
  }),
  results: withoutReview,
  decision: unreviewed,
  entry: (entry) => {
    const { review: _review, ...reports } = entry.reports;
    return { ...entry, approvals: [], reports };
  },
  parts: (parts) => {
    const { 'review.json': _review, ...reports } = parts.reports;
    return { ...parts, approvals: [], reports };
  },
};
