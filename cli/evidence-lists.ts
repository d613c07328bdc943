import { LIST_MEDIA_TYPE, refsOf, RESULTS_MEDIA_TYPE } from '../domain/lineage/index.js';
import type { Stores } from '../infra/runtime/index.js';
import type { RunStep } from './run-evidence.js';

const LISTS: readonly string[] = [LIST_MEDIA_TYPE, RESULTS_MEDIA_TYPE];

/**
 * The bytes of every list that a stage of a run made: the results of its shards, or references. A
 * stage's signed result names a list's digest, and so binds every shard in it.
 */
export async function listEvidence(
  stores: Pick<Stores, 'artifacts'>,
  project: string,
  steps: readonly RunStep[],
): Promise<readonly Uint8Array[]> {
  const lists = steps
    .flatMap(({ result }) => Object.values(result.outputs).flatMap(refsOf))
    .filter(({ mediaType }) => LISTS.includes(mediaType));
  const unique = [...new Map(lists.map((ref) => [ref.digest, ref])).values()];
  return Promise.all(unique.map((ref) => stores.artifacts.get(ref, project)));
}
