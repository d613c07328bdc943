import { policyPart, type StepSpec } from '../../policies/index.js';
import type {
  ArtifactTable,
  KeyParts,
  Policy,
  ShardSummary,
  StepRequest,
} from '../../schemas/index.js';
import { digestJson, type Digest } from './digest.js';

/** Digests in place of references: media types and sizes follow from the digest. */
export function digestsOf(table: ArtifactTable): Record<string, Digest | Digest[]> {
  return Object.fromEntries(
    Object.entries(table).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map((ref) => ref.digest) : value.digest,
    ]),
  );
}

type Named = Record<string, Digest>;

/** A member that is undefined has no canonical form and is not in the memo key either. */
function digestEach(values: Readonly<Record<string, unknown>>): Named {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, digestJson(value)]),
  );
}

/** The parts of a step's memo key as digests, to say later which of them changed. */
export function keyPartsOf(
  spec: Pick<StepSpec, 'policy'>,
  request: Pick<StepRequest, 'params' | 'inputs'>,
  policy: Policy,
): KeyParts {
  const inputs = Object.entries(digestsOf(request.inputs)).map(
    ([name, value]) => [name, Array.isArray(value) ? digestJson(value) : value] as const,
  );
  return {
    params: digestEach(request.params),
    inputs: Object.fromEntries(inputs),
    policy: Object.fromEntries(
      spec.policy.map((pointer) => [pointer, digestJson(policyPart(policy, [pointer]))]),
    ),
  };
}

/** What is known of a shard's result beside the result: who computed it, from what. */
export interface ShardOrigin {
  readonly runId: string;
  readonly result: { readonly step: string };
  readonly parts: KeyParts;
}

function mergeNamed(tables: readonly Named[]): Named {
  const names = [...new Set(tables.flatMap((table) => Object.keys(table)))].sort();
  const merged = names.map((name) => {
    const digests = [...new Set(tables.flatMap((table) => table[name] ?? []))].sort();
    return [name, digests.length === 1 ? digests[0] : digestJson(digests)] as const;
  });
  return Object.fromEntries(merged) as Named;
}

/** The shards of a stage in run `runId` in one summary; undefined when there are none. */
export function summarizeShards(
  runId: string,
  shards: readonly ShardOrigin[],
): ShardSummary | undefined {
  const [first] = shards;
  if (first === undefined) return undefined;
  const byRun = new Map<string, number>();
  for (const { runId: run } of shards) byRun.set(run, (byRun.get(run) ?? 0) + 1);
  const computed = byRun.get(runId) ?? 0;
  byRun.delete(runId);
  const all = (part: keyof KeyParts) => mergeNamed(shards.map(({ parts }) => parts[part]));
  return {
    step: first.result.step,
    total: shards.length,
    computed,
    reused: [...byRun].sort().map(([run, count]) => ({ run, shards: count })),
    parts: { params: all('params'), inputs: all('inputs'), policy: all('policy') },
  };
}
