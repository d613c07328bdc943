// One worker's life around a training: opens the store, goes on from the newest checkpoint, trains.
// Says `step N` after each step, and at the end the digest of the adapter's tensors.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { openCheckpoints } from '../../dist/activities/checkpoints.js';
import { planTraining } from '../../dist/domain/train/index.js';
import { startTrainingThread } from '../../dist/infra/compute/index.js';
import { openStores } from '../../dist/infra/runtime/index.js';

const say = (line) => process.stdout.write(`${line}\n`);
const given = JSON.parse(await readFile(process.argv[2], 'utf8'));
const { dataDir, storeRoot, memoKey, settings, modelDirectory } = given;
const sequences = given.sequences.map(({ recordId, ids, lossMask }) => ({
  recordId,
  ids: Int32Array.from(ids),
  lossMask: Uint8Array.from(lossMask),
}));
const stores = await openStores(dataDir, { kind: 'files', root: storeRoot });
const store = openCheckpoints({
  artifacts: stores.artifacts,
  documents: stores.checkpoints,
  signer: stores.worker,
  trustedKeys: stores.trustedKeys,
  warn: (message, facts) => say(`warning ${message} ${JSON.stringify(facts)}`),
})({ memoKey, project: 'demo', policy: { train: { maxCheckpoints: settings.maxCheckpoints } } });
const plan = planTraining({ ...settings, lengths: sequences.map(({ ids }) => ids.length) });
const checkpoint = await store.latest(plan.steps.length);
say(`from ${String(checkpoint?.state.step ?? 0)}`);
const compute = { backend: 'wasm+onnxruntime', threads: 1 };
const request = { modelDirectory, baseModelName: 'tiny', compute, settings, plan, sequences };
const { adapter, state } = await startTrainingThread(
  { ...request, heldOut: [], ...(checkpoint === undefined ? {} : { checkpoint }) },
  {
    onProgress: ({ step }) => say(`step ${String(step)}`),
    onCheckpoint: (made) => store.save(made),
  },
).done;
const tensors = adapter['adapter_model.safetensors'];
const losses = state.steps.map(({ loss }) => loss);
say(`digest ${createHash('sha256').update(tensors).digest('hex')}`);
say(`losses ${createHash('sha256').update(JSON.stringify(losses)).digest('hex')}`);
await stores.close();
