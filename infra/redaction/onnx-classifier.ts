import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { TokenClassifier } from '../../domain/redact/index.js';
import { NameModelError } from './errors.js';
import { readModelFiles } from './model-files.js';

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

/**
 * Opens a verified model folder in onnxruntime. A window takes some milliseconds, in which the
 * event loop stands; between windows it turns.
 * @throws NameModelError
 */
export async function openClassifier(folder: string, expected?: string): Promise<TokenClassifier> {
  const { graph, ...model } = await readModelFiles(folder, expected);
  const runtime = await loadRuntime();
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
  return {
    ...model,
    classify: async (ids, cases) => {
      const { logits } = await session.run({
        input_ids: rowTensor(runtime, ids),
        attention_mask: rowTensor(runtime, new Int32Array(ids.length).fill(1)),
        token_type_ids: rowTensor(runtime, cases),
      });
      if (logits?.data instanceof Float32Array) return logits.data;
      throw new NameModelError(
        'NAME_MODEL_CORRUPT',
        `the model of names in ${folder} has no float output "logits"`,
      );
    },
  };
}
