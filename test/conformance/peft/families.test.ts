import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  adapterTensors,
  memorySource,
  openSafetensors,
  readAdapter,
  type Adapter,
  type ModelConfig,
  type TensorSource,
} from '../../../domain/model/index.js';
import {
  batchLogits,
  disposeAdapter,
  generate,
  loadBaseModel,
  packSequences,
  uploadAdapter,
} from '../../../domain/train/engine/index.js';
import { ARCHITECTURES } from '../../../domain/model/architectures.js';
import { startBackend } from '../../../infra/compute/backend.js';
import { withModelFiles } from '../../../infra/compute/model-files.js';
import { FAMILIES, FAMILY_SEQUENCES, PROMPT_TOKENS } from '../../fixtures/model/families.js';
import { python } from './peer.js';
import { meanGradients } from '../../support/batch-gradients.js';

const MINUTE = 60_000;
const DTYPES = ['float32', 'bfloat16', 'float16'] as const;
const CASES = FAMILIES.flatMap(([family]) => DTYPES.map((dtype) => [family, dtype] as const));

if (python === undefined) {
  console.info(
    'conformance/peft/families is skipped: set CUSTOS_PEFT_PYTHON to a python with torch and peft.',
  );
}

const norm = (a: Float32Array) => Math.sqrt(a.reduce((sum, x) => sum + x * x, 0));
const less = (a: Float32Array, b: Float32Array) => a.map((x, i) => x - (b[i] ?? NaN));
const furthest = (a: Float32Array, b: Float32Array) =>
  less(a, b).reduce((most, x) => Math.max(most, Math.abs(x)), 0);

interface Differences {
  readonly logits: number;
  readonly loss: number;
  /** Of the worst LoRA tensor, relative to the norm of its gradient. */
  readonly gradient: number;
  readonly generated: readonly number[];
}

async function furthestGradient(own: Adapter, peer: TensorSource): Promise<number> {
  const tensors = adapterTensors(own);
  expect(tensors.length).toBe(peer.names.length - 3);
  let worst = 0;
  for (const { name, data } of tensors) {
    const other = await peer.readFloat32(name);
    const difference = norm(less(data as Float32Array, other)) / norm(other);
    worst = difference <= worst ? worst : difference;
  }
  return worst;
}

async function compare(
  config: ModelConfig,
  tensors: TensorSource,
  adapter: Adapter,
  peer: TensorSource,
): Promise<Differences> {
  const model = await loadBaseModel(tensors, config, 'none', config.maxPositions);
  const uploaded = uploadAdapter(adapter);
  const batch = packSequences(FAMILY_SEQUENCES);
  const { loss, layers } = await meanGradients({ model, adapter: uploaded, batch });
  const [expected = NaN] = await peer.readFloat32('loss');
  const logits = await batchLogits(model, uploaded, batch);
  const others = await peer.readFloat32('logits');
  expect(logits.length).toBe(others.length);
  const prompt = FAMILY_SEQUENCES[0]?.ids.slice(0, PROMPT_TOKENS) ?? new Int32Array();
  const settings = { temperature: 0, topP: 1, seed: 1, stopIds: [] };
  const maxNewTokens = peer.shape('generated')[0] ?? 0;
  const [text = new Int32Array()] = await generate(model, uploaded, [prompt], {
    ...settings,
    maxNewTokens,
  });
  disposeAdapter(uploaded);
  tf.disposeVariables();
  return {
    logits: furthest(logits, others),
    loss: Math.abs(loss - expected),
    gradient: await furthestGradient({ ...adapter, layers }, peer),
    generated: [...text],
  };
}

/** The tokens that Hugging Face generated: int32, which is not read as float32. */
async function generatedBy(peer: TensorSource): Promise<number[]> {
  const bytes = new Uint8Array(await peer.readBytes('generated'));
  return [...new Int32Array(bytes.buffer)];
}

describe('the families that are compared', () => {
  it('are all that are accepted', () => {
    const compared = new Set(FAMILIES.map(([, { config }]) => config['model_type']));
    expect(ARCHITECTURES.map(({ modelType }) => modelType).filter((t) => !compared.has(t))).toEqual(
      [],
    );
  });
});

describe.skipIf(python === undefined)('models of transformers with adapters of peft', () => {
  let root = '';
  const worst = new Map<string, Omit<Differences, 'generated'>>();

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'custos-families-'));
    const script = fileURLToPath(new URL('./families.py', import.meta.url));
    execFileSync(python ?? '', [script, 'models', root], {
      env: { ...process.env, HF_HUB_OFFLINE: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await startBackend('wasm+onnxruntime', 1);
  }, 10 * MINUTE);
  afterAll(async () => {
    for (const [dtype, { logits, loss, gradient }] of worst) {
      const [a, b, c] = [logits, loss, gradient].map((value) => value.toExponential(1));
      console.info(
        `${dtype}: largest differences: logits ${a ?? ''}, loss ${b ?? ''}, gradient ${c ?? ''}`,
      );
    }
    await rm(root, { recursive: true, force: true });
  });

  it('were made for every case', async () => {
    const made = (await readdir(root)).filter((name) => !name.endsWith('.json'));
    expect(made.sort()).toEqual(CASES.map((parts) => parts.join('-')).sort());
  });

  it.each(CASES)('%s in %s: logits, loss, gradients and greedy text', async (family, dtype) => {
    const place = join(root, `${family}-${dtype}`);
    const bytes = (path: string) => readFile(join(place, path));
    const peer = await openSafetensors(memorySource('peer', await bytes('peer.safetensors')));
    const adapter = await readAdapter({
      'adapter_config.json': await bytes('adapter/adapter_config.json'),
      'adapter_model.safetensors': await bytes('adapter/adapter_model.safetensors'),
    });
    const found = await withModelFiles(join(place, 'model'), (config, tensors) =>
      compare(config, tensors, adapter, peer),
    );
    const before = worst.get(dtype) ?? { logits: 0, loss: 0, gradient: 0 };
    worst.set(dtype, {
      logits: Math.max(before.logits, found.logits),
      loss: Math.max(before.loss, found.loss),
      gradient: Math.max(before.gradient, found.gradient),
    });
    expect(found.logits).toBeLessThan(2e-4);
    expect(found.loss).toBeLessThan(2e-5);
    expect(found.gradient).toBeLessThan(2e-4);
    expect(found.generated).toEqual(await generatedBy(peer));
  });
});
