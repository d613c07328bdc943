import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { TokenClassifier } from '../../domain/redact/index.js';
import { NameModelError } from './errors.js';
import { isHuggingFaceConfig, readHuggingFaceModel } from './hugging-face-model.js';
import { corrupt, parseObject, readBytes, readOwnModel, type ModelFiles } from './model-files.js';

type Runtime = typeof import('onnxruntime-node');

async function loadRuntime(): Promise<Runtime> {
  try {
    const loaded = (await import('onnxruntime-node')) as Runtime & { readonly default?: Runtime };
    return loaded.default ?? loaded;
  } catch (cause) {
    throw new NameModelError(
      'NAME_MODEL_UNRUNNABLE',
      `onnxruntime-node cannot be loaded on ${process.platform}-${process.arch}; run "npm ci", without a network "npm ci --onnxruntime-node-install=skip"`,
      { cause },
    );
  }
}

/** One thread, so that results do not depend on the machine's cores; a busy neighbour costs little. */
const OPTIONS = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  extra: { session: { intra_op: { allow_spinning: '0' }, set_denormal_as_zero: '1' } },
} as const satisfies InferenceSession.SessionOptions;

/** A (1, n) int64 tensor of small non-negative values. */
function rowTensor({ Tensor }: Runtime, values: Int32Array): Tensor {
  const wide = new BigInt64Array(values.length);
  // Little-endian: the low word of each value is every second one.
  const low = new Int32Array(wide.buffer);
  for (const [at, value] of values.entries()) low[2 * at] = value;
  return new Tensor('int64', wide, [1, values.length]);
}

/** The inputs that a graph may have, from a window's ids and case classes. */
const INPUTS: Readonly<
  Record<
    string,
    (ids: Int32Array, cases: Int32Array, types: ModelFiles['tokenTypes']) => Int32Array
  >
> = {
  input_ids: (ids) => ids,
  attention_mask: (ids) => new Int32Array(ids.length).fill(1),
  token_type_ids: (ids, cases, types) => (types === 'case' ? cases : new Int32Array(ids.length)),
};

/**
 * Reads a model's folder, Custos's own form or a Hugging Face token classifier.
 * @param expected the digest over its files, where one is pinned
 * @throws NameModelError NAME_MODEL_MISSING, NAME_MODEL_CORRUPT
 */
export async function readModel(folder: string, expected?: string): Promise<ModelFiles> {
  const config = await readBytes(folder, 'config.json');
  const read = isHuggingFaceConfig(parseObject(config, folder, 'config.json'))
    ? readHuggingFaceModel
    : readOwnModel;
  return await read(folder, config, expected);
}

async function openSession(
  runtime: Runtime,
  graph: Uint8Array,
  folder: string,
): Promise<InferenceSession> {
  let session: InferenceSession;
  try {
    session = await runtime.InferenceSession.create(graph, OPTIONS);
  } catch (cause) {
    throw new NameModelError(
      'NAME_MODEL_UNRUNNABLE',
      `onnxruntime cannot open the model of names in ${folder}`,
      { cause },
    );
  }
  const strange = session.inputNames.filter((name) => INPUTS[name] === undefined);
  if (strange.length === 0 && session.outputNames.includes('logits')) return session;
  throw corrupt(
    folder,
    `its graph has inputs ${session.inputNames.join(', ')} and outputs ${session.outputNames.join(', ')}; it may have inputs ${Object.keys(INPUTS).join(', ')} and needs the output logits`,
  );
}

/**
 * Opens a verified model folder in onnxruntime. A window takes some milliseconds, in which the
 * event loop stands; between windows it turns.
 * @throws NameModelError
 */
export async function openClassifier(folder: string, expected?: string): Promise<TokenClassifier> {
  const { graph, tokenTypes, labels, toLogits, ...model } = await readModel(folder, expected);
  const runtime = await loadRuntime();
  const session = await openSession(runtime, graph, folder);
  const feedsOf = (ids: Int32Array, cases: Int32Array): Record<string, Tensor> =>
    Object.fromEntries(
      session.inputNames.map((name) => {
        const values = INPUTS[name]?.(ids, cases, tokenTypes) ?? ids;
        return [name, rowTensor(runtime, values)] as const;
      }),
    );
  return {
    ...model,
    classify: async (ids, cases) => {
      const { logits } = await session.run(feedsOf(ids, cases));
      if (logits?.data instanceof Float32Array && logits.data.length === ids.length * labels) {
        return toLogits(logits.data);
      }
      throw corrupt(
        folder,
        `its output is ${logits?.type ?? 'missing'} (${logits?.dims.join(' x ') ?? ''}) for ${String(ids.length)} subwords and ${String(labels)} labels; it has to be float32 (1 x subwords x labels)`,
      );
    },
  };
}
