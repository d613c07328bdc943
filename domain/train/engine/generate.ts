import * as tf from '@tensorflow/tfjs';
import { randomStream, type RandomStream } from '../../model/index.js';
import { sampleToken, type SamplingSettings } from '../sampling.js';
import { materializeLayer, type BaseModel, type LayerWeights } from './base-model.js';
import { layerAttention, weigh } from './attention.js';
import { decoderLayer, embed, headLogits, type Attend } from './decoder.js';
import { keepAll, type AdapterTensors } from './lora.js';
import { rmsNorm } from './operations.js';
import { inScope, mergeHeads, readValues, splitHeads } from './primitives.js';

export interface GenerationSettings extends SamplingSettings {
  readonly maxNewTokens: number;
  readonly seed: number;
  readonly stopIds: readonly number[];
}

/** Who watches a generation. */
export interface GenerationHost {
  /** Called before every token; may throw to stop. */
  readonly onStep: () => void;
  /** Gets a prompt's place in the list and its next token; true when it needs no more. */
  readonly onToken: (prompt: number, token: number) => boolean;
}

const ALONE: GenerationHost = { onStep: () => undefined, onToken: () => false };

/** Keys and values of the tokens so far, [kvHeads, tokens, headDim], one pair a layer. */
interface Cache {
  readonly keys: (tf.Tensor3D | undefined)[];
  readonly values: (tf.Tensor3D | undefined)[];
}

function extend(past: tf.Tensor3D | undefined, part: tf.Tensor3D): tf.Tensor3D {
  const joined = past === undefined ? tf.clone(part) : tf.concat([past, part], 1);
  past?.dispose();
  return tf.keep(joined);
}

/** Attention of `length` new rows over the cache and themselves; extends the cache. */
function cachedAttention(model: BaseModel, cache: Cache, length: number, position: number): Attend {
  return (q, k, v, layer) => {
    const own = layerAttention(model, layer);
    const { heads, kvHeads, headDim, rotation, rotate } = own;
    const split = (x: tf.Tensor, n: number, turn: boolean) =>
      splitHeads(x, rotation, { begin: 0, length, heads: n, headDim, position, rotate: turn });
    const keys = extend(cache.keys[layer], split(k, kvHeads, rotate));
    const values = extend(cache.values[layer], split(v, kvHeads, false));
    cache.keys[layer] = keys;
    cache.values[layer] = values;
    const grouped = tf.reshape(split(q, heads, rotate), [kvHeads, -1, headDim]);
    const scores: tf.Tensor3D = tf.matMul(grouped, keys, false, true);
    const { p } = weigh(scores, own, { queries: length, offset: position });
    const mixed = tf.reshape(tf.matMul(p, values), [heads, length, headDim]);
    const layout = { begin: 0, length, heads, headDim, position, rotate: false };
    return mergeHeads([mixed], rotation, [layout]);
  };
}

/** Logits of the token after `ids`, which stand at positions from `position`. */
async function nextLogits(
  model: BaseModel,
  adapter: AdapterTensors | undefined,
  weights: readonly LayerWeights[],
  cache: Cache,
  ids: Int32Array,
  position: number,
): Promise<Float32Array> {
  const logits = tf.tidy(() => {
    let x: tf.Tensor = embed(model, ids);
    const attend = cachedAttention(model, cache, ids.length, position);
    weights.forEach((own, layer) => {
      const pairs = adapter?.layers[layer] ?? {};
      x = decoderLayer(
        x,
        { model, layer, weights: own, pairs, scale: adapter?.scale ?? 0, drop: keepAll },
        attend,
      );
    });
    const last = tf.slice(x as tf.Tensor2D, [ids.length - 1, 0], [1, model.config.hiddenSize]);
    const normed = rmsNorm(last, model.finalNorm, model.config.normEpsilon) as tf.Tensor2D;
    return headLogits(model, normed);
  });
  const values = await readValues(logits);
  logits.dispose();
  return values;
}

async function generateOne(
  model: BaseModel,
  adapter: AdapterTensors | undefined,
  weights: readonly LayerWeights[],
  prompt: Int32Array,
  settings: GenerationSettings,
  random: RandomStream,
  { onStep, onToken }: { onStep: () => void; onToken: (token: number) => boolean },
): Promise<Int32Array> {
  const cache: Cache = { keys: [], values: [] };
  const out: number[] = [];
  const said = new Set(prompt);
  const room = Math.min(settings.maxNewTokens, model.positions - prompt.length);
  try {
    let ids = prompt;
    let position = 0;
    while (out.length < room) {
      onStep();
      const logits = await nextLogits(model, adapter, weights, cache, ids, position);
      position += ids.length;
      const token = sampleToken(logits, settings, said, random);
      if (settings.stopIds.includes(token)) break;
      out.push(token);
      said.add(token);
      if (onToken(token)) break;
      ids = Int32Array.of(token);
    }
  } finally {
    tf.dispose([...cache.keys, ...cache.values].filter((tensor) => tensor !== undefined));
  }
  return Int32Array.from(out);
}

/**
 * Continues each prompt. A prompt's draws depend on the seed, its place in the list and the
 * token's place only.
 * @param prompts token ids, each non-empty and shorter than the model's positions
 * @returns the new tokens of each prompt, without the stop token
 */
export function generate(
  model: BaseModel,
  adapter: AdapterTensors | undefined,
  prompts: readonly Int32Array[],
  settings: GenerationSettings,
  host: GenerationHost = ALONE,
): Promise<Int32Array[]> {
  return inScope(async () => {
    const weights = model.layers.map(materializeLayer);
    const answers: Int32Array[] = [];
    for (const [index, prompt] of prompts.entries()) {
      const random = randomStream({
        seed: settings.seed,
        purpose: 'sample',
        step: index,
        layer: 0,
      });
      const answer = await generateOne(model, adapter, weights, prompt, settings, random, {
        onStep: host.onStep,
        onToken: (token) => host.onToken(index, token),
      });
      answers.push(answer);
    }
    return answers;
  });
}
