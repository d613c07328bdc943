import { describe, expect, it } from 'vitest';
import { faultsOf, makeBundle, type Changes } from '../../test/support/evidence-bundle.js';
import { WAIVED } from '../../test/support/waived-bundle.js';
import type { StepResult } from '../../schemas/index.js';

const waivedResults =
  (change: (result: StepResult) => StepResult): NonNullable<Changes['results']> =>
  (results) =>
    (WAIVED.results?.(results) ?? results).map((one) =>
      one.step === 'custos.review-waived.v1' ? change(one) : one,
    );

describe('a bundle of a run whose policy waives the review', () => {
  it('verifies, as a candidate that nobody approved', async () => {
    expect(await faultsOf(await makeBundle(WAIVED))).toEqual([]);
  });

  const lies: readonly (readonly [string, string, Changes])[] = [
    ['a policy that requires the review', 'review: ', { policy: (policy) => policy }],
    [
      'a release of it',
      'review: ',
      { entry: (entry) => ({ ...(WAIVED.entry?.(entry) ?? entry), stage: 'released' }) },
    ],
    [
      'a decision that says it may be released',
      'gates: ',
      { decision: (decision) => ({ ...decision, validUntil: null }) },
    ],
    [
      'another gate that is shut',
      'gates: ',
      {
        decision: (decision) => {
          const waived = WAIVED.decision?.(decision) ?? decision;
          const gates = waived.gates.map((gate) =>
            gate.group === 'audit' ? { ...gate, verdict: 'shut' as const } : gate,
          );
          return { ...waived, gates };
        },
      },
    ],
    [
      'a waiver of other shards',
      'review: ',
      {
        results: waivedResults((one) => ({
          ...one,
          inputs: { redacted: one.outputs['waiver'] as never },
        })),
      },
    ],
    [
      'a waiver that says approved',
      'review: ',
      { results: waivedResults((one) => ({ ...one, values: { meaning: 'approved' } })) },
    ],
    [
      'an approval beside the waiver',
      'review: ',
      {
        parts: (parts) => ({
          ...(WAIVED.parts?.(parts) ?? parts),
          approvals: parts.approvals,
        }),
      },
    ],
  ];

  it.each(lies)('does not verify with %s', async (_name, found, change) => {
    const faults = await faultsOf(await makeBundle({ ...WAIVED, ...change }));
    expect(faults.filter((fault) => fault.startsWith(found))).not.toEqual([]);
  });
});
