import { RESULT_PAYLOAD_TYPE, verifyEnvelope, type Envelope } from '../../domain/evidence/index.js';
import {
  flattenRefs,
  LIST_MEDIA_TYPE,
  parseList,
  readJson,
  refOfItem,
  SETTLED_PREFIX,
  sha256,
} from '../../domain/lineage/index.js';
import { ITEM } from '../../policies/index.js';
import type { Stores } from '../../infra/runtime/index.js';
import {
  check,
  validateStepResult,
  type ArtifactRef,
  type StepResult,
} from '../../schemas/index.js';

/** The documents that hold results: the memo of pure steps, and what was drawn or decided. */
export async function* resultDocuments({
  memo,
  documents,
}: Pick<Stores, 'memo' | 'documents'>): AsyncGenerator<readonly [string, Uint8Array]> {
  for (const [store, prefix] of [
    [memo, ''],
    [documents, SETTLED_PREFIX],
  ] as const) {
    for await (const key of store.list(prefix)) {
      const document = await store.read(key);
      if (document === undefined) throw new Error(`stored result ${key} vanished`);
      yield [key, document.bytes];
    }
  }
}

/** Every result of stages and shards that a store holds, each with its signature verified. */
export async function storedResults(stores: Stores): Promise<readonly StepResult[]> {
  const keys = await stores.trustedKeys();
  const results: StepResult[] = [];
  for await (const [key, bytes] of resultDocuments(stores)) {
    const entry = JSON.parse(Buffer.from(bytes).toString('utf8')) as {
      readonly envelope: Envelope;
    };
    const payload = verifyEnvelope(entry.envelope, keys, {
      payloadType: RESULT_PAYLOAD_TYPE,
      use: 'worker',
    });
    results.push(check(validateStepResult, JSON.parse(payload.toString('utf8')), key));
  }
  return results;
}

/** The artifacts that results name, each once. */
export function namedArtifacts(results: readonly StepResult[]): readonly ArtifactRef[] {
  const refs = results.flatMap(({ inputs, outputs }) => [
    ...flattenRefs(inputs),
    ...flattenRefs(outputs),
  ]);
  return [...new Map(refs.map((ref) => [ref.digest, ref])).values()];
}

/** The salt of a dataset's raw and vault artifacts, from the result that drew it. */
async function saltOf(stores: Stores, project: string, dataset: ArtifactRef): Promise<Buffer> {
  const bytes = await stores.artifacts.get(dataset, project);
  const { salt } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { readonly salt: string };
  return Buffer.from(salt, 'base64');
}

/**
 * Reads every artifact back and hashes it again, salted ones with their dataset's salt before them.
 * @returns `digest: what is wrong` for each that is not what its name says
 */
export async function findWrongDigests(
  stores: Stores,
  project: string,
  refs: readonly ArtifactRef[],
): Promise<readonly string[]> {
  const dataset = refs.find(({ mediaType }) => mediaType.endsWith('dataset-secrets+json'));
  if (dataset === undefined) throw new Error('no result names a dataset');
  const salt = await saltOf(stores, project, dataset);
  const wrong: string[] = [];
  for (const ref of refs) {
    const bytes = await stores.artifacts.get(ref, project);
    // The artifact that holds the salt has one of its own: the store has verified it.
    if (ref.digest === dataset.digest) continue;
    const salted = ref.class === 'raw' || ref.class === 'vault';
    const digest = sha256(salted ? Buffer.concat([salt, bytes]) : bytes);
    if (digest !== ref.digest) wrong.push(`${ref.digest}: hashes to ${digest}`);
    if (bytes.length !== ref.sizeBytes) wrong.push(`${ref.digest}: ${String(bytes.length)} bytes`);
  }
  return wrong;
}

/** What the lists of references hold that results made: digest of the list -> digests of its items. */
export async function listedDigests(
  stores: Stores,
  project: string,
  results: readonly StepResult[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const lists = namedArtifacts(results).filter(({ mediaType }) => mediaType === LIST_MEDIA_TYPE);
  const entries = lists.map(async (ref) => {
    const items = parseList(await readJson(stores.artifacts, ref, project), ref.digest);
    return [ref.digest, items.map((item) => refOfItem(item, ITEM).digest)] as const;
  });
  return new Map(await Promise.all(entries));
}

/**
 * Follows the chain from its declared sources: a result is founded when all its inputs are declared
 * or outputs of founded results.
 * @returns `step input` for each input of a result that nothing leads to
 */
export function findUnfounded(
  results: readonly StepResult[],
  declared: readonly string[],
  listed: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const known = new Set(declared);
  let open = [...results];
  for (;;) {
    const founded = open.filter(({ inputs }) =>
      flattenRefs(inputs).every(({ digest }) => known.has(digest)),
    );
    if (founded.length === 0) break;
    for (const { outputs } of founded) {
      for (const { digest } of flattenRefs(outputs)) {
        for (const one of [digest, ...(listed.get(digest) ?? [])]) known.add(one);
      }
    }
    open = open.filter((result) => !founded.includes(result));
  }
  return open.flatMap(({ step, inputs }) =>
    Object.entries(inputs)
      .filter(([, value]) => [value].flat().some(({ digest }) => !known.has(digest)))
      .map(([name]) => `${step} ${name}`),
  );
}
