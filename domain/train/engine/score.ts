import type { Evaluation } from '../ports.js';
import * as tf from '@tensorflow/tfjs';
import { DEFAULT_PASS_TOKENS } from '../plan.js';
import { checkSequences, type TokenSequence } from '../sequence.js';
import { materializeLayer, type BaseModel } from './base-model.js';
import { groupByTokens, packSequences } from './batch.js';
import { decoderLayer, embed, headLogits, packedAttention } from './decoder.js';
import type { PackedBatch } from './gradients.js';
import { keepAll, type AdapterTensors } from './lora.js';
import { rmsNorm, selectRows } from './operations.js';
import { inScope, readValues, tokenLoss } from './primitives.js';

/** Final hidden states [T, hidden] of a packed batch, normalized; no gradients. */
function hiddenStates(
  model: BaseModel,
  adapter: AdapterTensors | undefined,
  batch: PackedBatch,
): tf.Tensor2D {
  const attend = packedAttention(model, batch.segments);
  let x: tf.Tensor = embed(model, batch.ids);
  model.layers.forEach((frozen, layer) => {
    const input = x;
    x = tf.tidy(() => {
      const weights = materializeLayer(frozen);
      const pairs = adapter?.layers[layer] ?? {};
      return decoderLayer(
        input,
        { model, layer, weights, pairs, scale: adapter?.scale ?? 0, drop: keepAll },
        attend,
      );
    });
    input.dispose();
  });
  return rmsNorm(x, model.finalNorm, model.config.normEpsilon) as tf.Tensor2D;
}

const ROW_CHUNK_ELEMENTS = 1 << 24;

/** Negative log-likelihood of each counted token of a packed batch. */
export function batchLosses(
  model: BaseModel,
  adapter: AdapterTensors | undefined,
  batch: PackedBatch,
): Promise<Float32Array> {
  return inScope(async () => {
    const rows = selectRows(hiddenStates(model, adapter, batch), batch.rows);
    const chunk = Math.max(1, Math.floor(ROW_CHUNK_ELEMENTS / model.head.shape[0]));
    const out = new Float32Array(batch.rows.length);
    for (let begin = 0; begin < out.length; begin += chunk) {
      const size = Math.min(chunk, out.length - begin);
      const losses = tf.tidy(() => {
        const part = tf.slice(rows, [begin, 0], [size, rows.shape[1]]);
        return tokenLoss(headLogits(model, part), batch.labels.subarray(begin, begin + size));
      });
      out.set(await readValues(losses), begin);
      losses.dispose();
    }
    return out;
  });
}

/** Logits [T, vocabulary] of every row of a packed batch, to compare with other engines. */
export function batchLogits(
  model: BaseModel,
  adapter: AdapterTensors | undefined,
  batch: PackedBatch,
): Promise<Float32Array> {
  return inScope(() => {
    const hidden = hiddenStates(model, adapter, batch);
    return readValues(headLogits(model, hidden));
  });
}

/** The mean loss over the counted tokens of all sequences, as the training loss counts them. */
export async function evaluate(
  model: BaseModel,
  adapter: AdapterTensors | undefined,
  sequences: readonly TokenSequence[],
  onBatch: () => void = () => undefined,
): Promise<Evaluation> {
  let sum = 0;
  let tokens = 0;
  for (const group of groupByTokens(sequences, DEFAULT_PASS_TOKENS)) {
    onBatch();
    const losses = await batchLosses(model, adapter, packSequences(group));
    for (const loss of losses) sum += loss;
    tokens += losses.length;
  }
  return { meanLoss: tokens === 0 ? 0 : sum / tokens, tokens };
}

/**
 * Log-probability (nats) of every token after the first, per sequence.
 * @returns for each sequence `ids.length - 1` values; value t belongs to token t + 1
 */
export async function scoreSequences(
  model: BaseModel,
  adapter: AdapterTensors | undefined,
  sequences: readonly TokenSequence[],
  onBatch: () => void = () => undefined,
): Promise<Float32Array[]> {
  checkSequences(sequences, model.config.vocabSize, model.positions);
  const scores: Float32Array[] = [];
  for (const group of groupByTokens(sequences, DEFAULT_PASS_TOKENS)) {
    onBatch();
    const losses = await batchLosses(model, adapter, packSequences(group, { all: true }));
    let begin = 0;
    for (const { ids } of group) {
      const own = losses.slice(begin, begin + ids.length - 1);
      begin += own.length;
      scores.push(own.map((loss) => -loss));
    }
  }
  return scores;
}
