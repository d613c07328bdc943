import {
  canonicalBytes,
  LineageError,
  parseList,
  readJson,
  refOfItem,
  type ListItem,
  type Lists,
  type StepRuntime,
} from '../domain/lineage/index.js';
import type { FanOut } from '../policies/index.js';
import type { ArtifactRef, StepRequest, StepResult } from '../schemas/index.js';
import type { RangeResult } from './api.js';
import { inLanes } from './lanes.js';
import { keepRecent } from './recent.js';

/** Lists that this worker read last: the ranges of a stage follow each other over the same lists. */
const recentLists = keepRecent<Promise<readonly ListItem[]>>(4);

/** The items of a list artifact. */
export function readList(
  runtime: Pick<StepRuntime, 'artifacts'>,
  ref: ArtifactRef,
  project: string,
): Promise<readonly ListItem[]> {
  const key = `${project}\0${ref.digest}`;
  return recentLists.of(key, () => {
    const items = readJson(runtime.artifacts, ref, project).then((value) =>
      parseList(value, `list ${ref.digest}`),
    );
    items.catch(() => {
      recentLists.forget(key);
    });
    return items;
  });
}

/** The items of every list that a fanned-out step reads, by the input's name. */
export async function readLists(
  runtime: Pick<StepRuntime, 'artifacts'>,
  fanOut: FanOut,
  { inputs, project }: Pick<StepRequest, 'inputs' | 'project'>,
): Promise<Lists> {
  const lists: Record<string, readonly ListItem[]> = {};
  for (const name of Object.keys(fanOut.lists)) {
    const ref = inputs[name];
    if (ref === undefined || Array.isArray(ref)) throw invalid(`it names no list "${name}"`);
    lists[name] = await readList(runtime, ref, project);
  }
  return lists;
}

/** The request of each shard of a range: the items of the lists in place of the lists. */
export async function requestsOf(
  runtime: Pick<StepRuntime, 'artifacts'>,
  fanOut: FanOut,
  request: StepRequest,
): Promise<readonly StepRequest[]> {
  const { range, ...whole } = request;
  if (range === undefined) throw invalid('it names no range of shards');
  const lists = await readLists(runtime, fanOut, request);
  return Array.from({ length: range.to - range.from }, (_, index) => {
    const items = Object.entries(fanOut.lists).map(([name, output]) => {
      return [name, refOfItem(lists[name]?.[range.from + index], output)] as const;
    });
    return { ...whole, inputs: { ...request.inputs, ...Object.fromEntries(items) } };
  });
}

type Detail = Readonly<Record<string, number | string>>;
type Beat = (detail: Detail) => void;

/** While one shard is read or stored, another is worked on. */
const SHARDS_AT_ONCE = 2;

/** Runs the shards of a range; what is left of a cut-off range is memo hits for the next. */
export async function runRange(
  runtime: Pick<StepRuntime, 'artifacts'>,
  project: string,
  requests: readonly StepRequest[],
  beat: Beat,
  runShard: (request: StepRequest, beat: Beat) => Promise<{ result: StepResult; reused: boolean }>,
): Promise<RangeResult> {
  const done = await inLanes(SHARDS_AT_ONCE, requests, (request, shard) => {
    const place = { shard: shard + 1, shards: requests.length };
    beat(place);
    return runShard(request, (detail) => {
      beat({ ...detail, ...place });
    });
  });
  const keys = done.map(({ result }) => result.memoKey);
  const reused = done.filter((shard) => shard.reused).length;
  const counts: Record<string, number> = {};
  for (const { result } of done) addCounts(counts, result);
  const page = await runtime.artifacts.put(canonicalBytes(keys), {
    class: 'derived',
    mediaType: 'application/vnd.custos.memo-keys+json',
    project,
  });
  return { page, counts, computed: keys.length - reused, reused };
}

export function addCounts(sums: Record<string, number>, { counts }: StepResult): void {
  for (const [name, value] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + value;
}

const invalid = (what: string): LineageError =>
  new LineageError('STEP_INVALID', `a request to work on shards cannot be followed: ${what}`);
