import { readAdapter } from '../../domain/model/index.js';
import { checkSequences } from '../../domain/train/index.js';
import {
  evaluate,
  generate,
  loadBaseModel,
  scoreSequences,
  uploadAdapter,
  type GenerationHost,
} from '../../domain/train/engine/index.js';
import type { ComputeEnvironment } from '../../schemas/index.js';
import { startEnvironment } from './environment.js';
import { ComputeError } from './errors.js';
import type { InferenceRequest } from '../../domain/train/index.js';
import type { InferenceCall } from './messages.js';
import { withModelFiles } from './model-files.js';

/** Longest context that inference prepares position tables for. */
const MAX_CONTEXT = 8192;

export interface InferenceEngine {
  readonly environment: ComputeEnvironment;
  /**
   * A call begins once the one before has its answer; the caller sees to that.
   * @param onToken where the call wants every token as it comes
   */
  readonly answer: (call: InferenceCall, onToken: GenerationHost['onToken']) => Promise<unknown>;
}

/**
 * Loads a model and, when given, an adapter into this thread.
 * @param checkStop called before every tensor, batch and token; throws to stop
 * @throws ComputeError, ModelError
 */
export async function openInference(
  request: InferenceRequest,
  checkStop: () => void,
): Promise<InferenceEngine> {
  const environment = await startEnvironment(request.compute);
  const model = await withModelFiles(
    request.modelDirectory,
    (config, tensors) =>
      loadBaseModel(
        tensors,
        config,
        request.quantization,
        Math.min(config.maxPositions, MAX_CONTEXT),
      ),
    checkStop,
  );
  const adapter =
    request.adapter === undefined ? undefined : uploadAdapter(await readAdapter(request.adapter));
  const pick = (side: 'on' | 'off') => {
    if (side === 'off') return undefined;
    if (adapter !== undefined) return adapter;
    throw new ComputeError(
      'MODEL_UNREADABLE',
      'The thread was started without an adapter; ask with the adapter off.',
    );
  };
  const { vocabSize } = model.config;
  const context = model.positions;
  const answer: InferenceEngine['answer'] = async (call, onToken) => {
    if (call.kind === 'generate') {
      const {
        prompts,
        stopIds = model.config.eosTokenIds,
        adapter: side,
        ...settings
      } = call.request;
      const asSequences = prompts.map((ids, i) => ({
        recordId: `prompt ${String(i)}`,
        ids,
        lossMask: new Uint8Array(ids.length),
      }));
      checkSequences(
        asSequences.filter(({ ids }) => ids.length !== 1),
        vocabSize,
        context,
      );
      const host = { onStep: checkStop, onToken: call.streamed ? onToken : () => false };
      return generate(model, pick(side), prompts, { ...settings, stopIds }, host);
    }
    checkSequences(call.sequences, vocabSize, context);
    const run = call.kind === 'score' ? scoreSequences : evaluate;
    return run(model, pick(call.adapter), call.sequences, checkStop);
  };
  return { environment, answer };
}
