import { parseJson } from '../domain/evidence/index.js';
import {
  canonicalBytes,
  flattenRefs,
  LineageError,
  parseList,
  refOfItem,
  refsOf,
  sha256,
  storedRefs,
  type ArtifactClass,
  type BegunStep,
  type StepOutput,
  type StoredRefs,
  type StepRuntime,
} from '../domain/lineage/index.js';
import type { ArtifactRef, ArtifactTable, Policy, StepRequest } from '../schemas/index.js';
import type { SmallArtifacts } from './small-artifacts.js';

/** What an executor sees: the artifacts that its step names, its part of the policy, nothing else. */
export interface StepContext {
  readonly runId: string;
  readonly project: string;
  readonly memoKey: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly inputs: ArtifactTable;
  readonly policy: Policy;
  readonly signal: AbortSignal;
  /** One named input. @throws LineageError ARTIFACT_NOT_NAMED when absent or a list */
  ref(name: string): ArtifactRef;
  /** A named list of inputs; a single input is a list of one. */
  refs(name: string): readonly ArtifactRef[];
  /**
   * What the lists named so hold, in order: `output` of each shard's result, or `item` of a list of
   * references. From then on the executor can open them.
   */
  list(name: string, output: string): Promise<readonly ArtifactRef[]>;
  /**
   * What the step names, or this execution stored.
   * @throws LineageError ARTIFACT_NOT_NAMED of anything else
   */
  read(ref: ArtifactRef): Promise<Uint8Array>;
  readJson<T>(ref: ArtifactRef): Promise<T>;
  put(
    bytes: Uint8Array | string,
    artifactClass: ArtifactClass,
    mediaType: string,
  ): Promise<ArtifactRef>;
  /** In canonical form: the order of members would tell a value that came from a checkpoint. */
  putJson(value: unknown, artifactClass: ArtifactClass, mediaType: string): Promise<ArtifactRef>;
  /** A path on this machine that is not part of the memo key. */
  hint(name: string): string;
  heartbeat(detail: Readonly<Record<string, number | string>>): void;
  /**
   * What this execution stored, or read as a whole: it was checked, and need not be read again to say
   * that it opens. Inputs are young enough for garbage collection: their run relied on them.
   */
  readonly stored: StoredRefs;
}

export interface ExecutorOutput extends StepOutput {
  /** Removes what only the executor needed, once its result is committed. */
  readonly afterCommit?: () => Promise<void>;
}

export type Executor = (context: StepContext) => Promise<ExecutorOutput>;

/** Secrets of a dataset, drawn once: keys of its record and subject ids, salt of its artifacts. */
export interface DatasetSecrets {
  readonly recordKey: string;
  readonly salt: string;
}

export interface ContextHost {
  readonly signal: AbortSignal;
  /** Of the activity, whose shards have them in common. */
  readonly small: SmallArtifacts;
  readonly heartbeat: (detail: Readonly<Record<string, number | string>>) => void;
}

export function createContext(
  runtime: StepRuntime,
  request: StepRequest,
  begun: BegunStep,
  host: ContextHost,
): StepContext {
  const named = new Map(flattenRefs(request.inputs).map((ref) => [ref.digest, ref]));
  const refs = (name: string): readonly ArtifactRef[] => {
    const value = request.inputs[name];
    if (value === undefined) throw notNamed(`input "${name}"`);
    return refsOf(value);
  };
  const ref = (name: string): ArtifactRef => {
    const [first, ...rest] = refs(name);
    if (first === undefined || rest.length > 0) throw notNamed(`a single input "${name}"`);
    return first;
  };
  const stored = storedRefs();
  const read = reader(runtime, request, host, named, stored);
  const readJson = async <T>(wanted: ArtifactRef): Promise<T> =>
    parseJson(await read(wanted), `artifact ${wanted.digest}`) as T;
  const list = async (name: string, output: string): Promise<readonly ArtifactRef[]> => {
    const lists = await Promise.all(
      refs(name).map(async (ref) => itemsOf(ref, await readJson(ref))),
    );
    const items = lists.flat().map((item) => refOfItem(item, output));
    for (const item of items) named.set(item.digest, item);
    return items;
  };
  const put = putter(runtime, request, host, stored, () => readJson(ref('dataset')));
  return {
    runId: request.runId,
    project: request.project,
    memoKey: begun.memoKey,
    params: request.params,
    inputs: request.inputs,
    policy: begun.policy,
    signal: host.signal,
    ref,
    refs,
    list,
    read,
    readJson,
    put,
    putJson: (value, artifactClass, mediaType) =>
      put(canonicalBytes(value), artifactClass, mediaType),
    hint: (name) => {
      const hint = request.hints?.[name];
      if (hint === undefined) throw notNamed(`hint "${name}"`);
      return hint;
    },
    heartbeat: host.heartbeat,
    stored,
  };
}

const itemsOf = ({ digest }: ArtifactRef, value: unknown) => parseList(value, `list ${digest}`);

/** Reads what the step names or stored itself. */
function reader(
  { artifacts }: Pick<StepRuntime, 'artifacts'>,
  { project }: Pick<StepRequest, 'project'>,
  { small }: ContextHost,
  named: ReadonlyMap<string, ArtifactRef>,
  stored: StoredRefs,
): StepContext['read'] {
  return async (wanted) => {
    if (!named.has(wanted.digest) && !stored.has(wanted))
      throw notNamed(`artifact ${wanted.digest}`);
    const bytes = await small.read(wanted, () => artifacts.get(wanted, project));
    stored.add(wanted);
    return bytes;
  };
}

/** Puts in the project of a step; what a digest could confirm a guess of is salted. */
function putter(
  { artifacts }: Pick<StepRuntime, 'artifacts'>,
  { project }: Pick<StepRequest, 'project'>,
  { signal, small }: ContextHost,
  stored: StoredRefs,
  secrets: () => Promise<DatasetSecrets>,
): StepContext['put'] {
  let reading: Promise<DatasetSecrets> | undefined;
  const salt = async (): Promise<Uint8Array> =>
    Buffer.from((await (reading ??= secrets())).salt, 'base64');
  return async (bytes, artifactClass, mediaType) => {
    signal.throwIfAborted();
    const body = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
    const salted = artifactClass === 'raw' || artifactClass === 'vault';
    const options = { class: artifactClass, mediaType, project };
    const ref = await small.put(body, [artifactClass, mediaType], async () =>
      artifacts.put(body, salted ? { ...options, salt: await salt() } : options),
    );
    stored.add(ref);
    return ref;
  };
}

function notNamed(what: string): LineageError {
  return new LineageError('ARTIFACT_NOT_NAMED', `this step was not given ${what}`);
}

/** The digest of bytes that a reader compares with what it was promised. */
export function assertDigest(bytes: Uint8Array, promised: string, what: string): void {
  if (sha256(bytes) !== promised) {
    throw new LineageError(
      'ARTIFACT_CORRUPT',
      `${what} is not the bytes it was named for (${promised})`,
    );
  }
}
