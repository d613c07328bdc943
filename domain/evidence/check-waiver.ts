import type { Bundle } from './bundle-documents.js';
import { BUNDLE } from './bundle-layout.js';
import { checkPassage } from './check-passage.js';
import { named, resultsOf, sameDigest } from './check-steps.js';
import { unless, type Finding } from './findings.js';

/** Nobody was asked: the waiver of these very shards is what was applied, and no approval is named. */
export function checkWaiver(bundle: Bundle): readonly Finding[] {
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
