import type { ListItem } from '../lineage/lists.js';
import type { Bundle } from './bundle-documents.js';
import { BUNDLE } from './bundle-layout.js';
import {
  inputsOf,
  itemsOf,
  named,
  reachedFrom,
  resultsOf,
  type BundledResult,
} from './check-steps.js';
import { unless, type Finding } from './findings.js';

/** With the apply steps taken out, nothing of what was ingested reaches the training. */
export function checkPassage(bundle: Bundle): readonly Finding[] {
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
