import { describe, expect, it } from 'vitest';
import {
  adapterTensors,
  initializeAdapter,
  LORA_MODULES,
  memorySource,
  openSafetensors,
  parseModelConfig,
  writeSafetensors,
  type Adapter,
} from '../../domain/model/index.js';
import {
  batchGradients,
  loadBaseModel,
  packSequences,
  uploadAdapter,
} from '../../domain/train/engine/index.js';
import { lcgValues } from '../../test/fixtures/model/lcg.js';
import { TINY_CONFIG, tinyTensors } from '../../test/fixtures/model/tiny-model.js';
import { startBackend } from './backend.js';

const config = parseModelConfig({ ...TINY_CONFIG, max_position_embeddings: 512 });
/** Long enough for several blocks of queries and units of rows, none of an even size. */
const sequences = [301, 150, 7, 442].map((length, i) => ({
  recordId: `record-${String(i)}`,
  ids: Int32Array.from({ length }, (_, t) => 3 + ((11 * i + t * 7) % 90)),
  lossMask: Uint8Array.from({ length }, (_, t) => (t < 3 ? 0 : 1)),
}));
const batch = packSequences(sequences);
const loraOf = (r: number) => ({ r, alpha: 2 * r, dropout: 0, targetModules: LORA_MODULES });

function adapterOf(rank: number): Adapter {
  const fresh = initializeAdapter(config, loraOf(rank), 5);
  const layers = fresh.layers.map((layer) =>
    Object.fromEntries(
      Object.entries(layer).map(([module, { a, b }], i) => [
        module,
        { a, b: lcgValues(b.length, 50 + i) },
      ]),
    ),
  );
  return { ...fresh, layers };
}

async function gradients(
  threads: number,
  rank: number,
): Promise<{ losses: number[]; slopes: number[] }> {
  await startBackend('wasm+onnxruntime', threads);
  const source = await openSafetensors(memorySource('tiny', writeSafetensors(tinyTensors())));
  const model = await loadBaseModel(source, config, 'nf4-double', config.maxPositions);
  const adapter = adapterOf(rank);
  const { losses, layers } = await batchGradients({
    model,
    adapter: uploadAdapter(adapter),
    batch,
    weight: 1 / batch.rows.length,
    drop: () => (x) => x,
    recompute: false,
  });
  const slopes = adapterTensors({ ...adapter, layers }).flatMap(({ data }) => [...data]);
  return { losses: [...losses], slopes };
}

describe('losses and gradients', () => {
  it.each([4, 1])('at rank %i are equal bit for bit on any number of threads', async (rank) => {
    const one = await gradients(1, rank);
    expect(Math.max(...one.slopes.map(Math.abs))).toBeGreaterThan(1e-3);
    for (const threads of [2, 3]) {
      const several = await gradients(threads, rank);
      expect(several.losses).toEqual(one.losses);
      expect(several.slopes).toEqual(one.slopes);
    }
  });
});
