import { generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  canonicalBytes,
  type ArtifactStore,
  type DocumentStore,
  type Signer,
} from '../domain/lineage/index.js';
import { signCheckpointDocument, type Checkpoint } from '../domain/train/index.js';
import type { ArtifactRef, CheckpointState, DsseEnvelope, Policy } from '../schemas/index.js';
import { openTestInstallation, type TestInstallation } from '../test/support/runtime.js';
import { openCheckpoints, type CheckpointDeps, type CheckpointStore } from './checkpoints.js';

const MEMO_KEY = `sha256:${'a'.repeat(64)}`;
const OTHER_KEY = `sha256:${'b'.repeat(64)}`;
const TOTAL = 10;

let installation: TestInstallation;
let warnings: Readonly<Record<string, string>>[];
let store: CheckpointStore;

function open(memoKey = MEMO_KEY, overrides: Partial<CheckpointDeps> = {}): CheckpointStore {
  const { artifacts, checkpoints: documents, worker, trustedKeys } = installation.stores;
  const policy = { train: { maxCheckpoints: 2 } } as Policy;
  return openCheckpoints({
    artifacts,
    documents,
    signer: worker,
    trustedKeys,
    warn: (_, facts) => void warnings.push(facts),
    ...overrides,
  })({ memoKey, project: 'demo', policy });
}

beforeEach(async () => {
  installation = await openTestInstallation();
  warnings = [];
  store = open();
});
afterEach(() => installation.close());

function stateAt(step: number): CheckpointState {
  const steps = Array.from({ length: step }, (_, i) => {
    return { step: i + 1, loss: 2, learningRate: 0.1, gradientNorm: 1, tokens: 9 };
  });
  return { step, epoch: step / 5, steps, evaluations: [{ step: 0, heldOutLoss: 3 }] };
}

const checkpointAt = (step: number, text = `tensors ${String(step)}`): Checkpoint => ({
  bytes: Buffer.from(text),
  state: stateAt(step),
});
const keyOf = (step: number, memoKey = MEMO_KEY) =>
  `${memoKey.slice(7)}/${String(step).padStart(9, '0')}.json`;

async function keys(): Promise<string[]> {
  const all: string[] = [];
  for await (const key of installation.stores.checkpoints.list('')) all.push(key);
  return all.sort();
}

async function readBytes(key: string): Promise<Uint8Array> {
  const document = await installation.stores.checkpoints.read(key);
  if (document === undefined) throw new Error(`no document ${key}`);
  return document.bytes;
}

/** What somebody does who can write to the store, and nothing else. */
async function overwrite(key: string, bytes: Uint8Array): Promise<void> {
  await installation.stores.checkpoints.remove(key);
  await installation.stores.checkpoints.create(key, bytes);
}

async function putTensors(text: string): Promise<ArtifactRef> {
  const options = { class: 'derived', mediaType: 'application/vnd.safetensors' } as const;
  return installation.stores.artifacts.put(Buffer.from(text), { ...options, project: 'demo' });
}

/** The signed document of a step, its payload changed and the signature kept. */
async function changed(step: number, change: (payload: object) => object): Promise<Uint8Array> {
  const text = Buffer.from(await readBytes(keyOf(step))).toString();
  const envelope = JSON.parse(text) as DsseEnvelope;
  const payload = JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) as object;
  const forged = Buffer.from(canonicalBytes(change(payload))).toString('base64');
  return canonicalBytes({ ...envelope, payload: forged });
}

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const stranger: Signer = {
  keyId: 'stranger',
  publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  sign: (message) => Promise.resolve(sign(null, message, privateKey)),
};

async function signed(state: CheckpointState, signer: Signer, memoKey = MEMO_KEY) {
  const tensors = await putTensors('another adapter');
  return signCheckpointDocument(signer, { memoKey, tensors, state });
}

/** Documents under the key of step 6 that must not be gone on from. */
const FORGED: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  'no signature': async () =>
    canonicalBytes({ tensors: await putTensors('another adapter'), state: stateAt(6) }),
  'the signature of a stranger': () => signed(stateAt(6), stranger),
  "the stranger's signature under the worker's name": () =>
    signed(stateAt(6), { ...stranger, keyId: installation.stores.worker.keyId }),
  'another state under the old signature': () =>
    changed(6, (payload) => ({ ...payload, state: stateAt(9) })),
  'other tensors under the old signature': async () => {
    const tensors = await putTensors('another adapter');
    return changed(6, (payload) => ({ ...payload, tensors }));
  },
  'the checkpoint of another training': async () => {
    await open(OTHER_KEY).save(checkpointAt(6, 'of another training'));
    return readBytes(keyOf(6, OTHER_KEY));
  },
  'a finished training': () => signed(stateAt(TOTAL), installation.stores.worker),
  'more steps than are planned': () => signed(stateAt(TOTAL + 1), installation.stores.worker),
  'fewer figures than steps': () =>
    signed({ ...stateAt(6), steps: [] }, installation.stores.worker),
  'no JSON': () => Promise.resolve(Buffer.from('{')),
};

describe('the newest checkpoint', () => {
  it('is gone on from', async () => {
    expect(await store.latest(TOTAL)).toBeUndefined();
    await store.save(checkpointAt(3));
    await store.save(checkpointAt(6));
    const latest = await store.latest(TOTAL);
    expect(latest?.state).toEqual(stateAt(6));
    expect(Buffer.from(latest?.bytes ?? []).toString()).toBe('tensors 6');
    expect(warnings).toEqual([]);
  });

  it.each(Object.keys(FORGED))('is passed over and reported when it has %s', async (name) => {
    await store.save(checkpointAt(3));
    await store.save(checkpointAt(6));
    await overwrite(keyOf(6), (await FORGED[name]?.()) ?? Buffer.from(''));
    expect((await store.latest(TOTAL))?.state.step).toBe(3);
    expect(warnings).toEqual([{ checkpoint: keyOf(6), code: 'CHECKPOINT_INVALID' }]);
  });

  it('is passed over when its tensors are gone, down to none at all', async () => {
    await store.save(checkpointAt(3));
    await store.save(checkpointAt(6));
    const { artifacts } = installation.stores;
    await artifacts.erase(await putTensors('tensors 6'), 'demo', 'test');
    expect((await store.latest(TOTAL))?.state.step).toBe(3);
    await artifacts.erase(await putTensors('tensors 3'), 'demo', 'test');
    expect(await store.latest(TOTAL)).toBeUndefined();
    expect(new Set(warnings.map(({ code }) => code))).toEqual(new Set(['ARTIFACT_ERASED']));
  });

  it('is not passed over for a store that is down: that is tried again', async () => {
    await store.save(checkpointAt(3));
    const down = Object.assign(new Error('down'), { code: 'STORE_UNAVAILABLE' });
    const artifacts: ArtifactStore = {
      ...installation.stores.artifacts,
      get: () => Promise.reject(down),
    };
    await expect(open(MEMO_KEY, { artifacts }).latest(TOTAL)).rejects.toBe(down);
  });
});

describe('saving', () => {
  it('keeps the newest few and erases the tensors of the others', async () => {
    const { artifacts } = installation.stores;
    const first = await putTensors('tensors 2');
    for (const step of [2, 4, 6]) await store.save(checkpointAt(step));
    expect(await keys()).toEqual([keyOf(4), keyOf(6)]);
    expect(await artifacts.has(first, 'demo')).toBe(false);
  });

  it('puts an honest checkpoint in the place of a forged one', async () => {
    await overwrite(keyOf(3), await signed(stateAt(3), stranger));
    await overwrite(keyOf(9), await signed(stateAt(9), stranger));
    await store.save(checkpointAt(3));
    expect((await store.latest(TOTAL))?.state.step).toBe(3);
    expect(await keys()).toEqual([keyOf(3)]);
  });

  it('survives another worker that saves the same step', async () => {
    const documents: DocumentStore = {
      ...installation.stores.checkpoints,
      create: () => Promise.resolve(false),
      read: () => Promise.resolve(undefined),
    };
    await open(MEMO_KEY, { documents }).save(checkpointAt(3));
  });
});

describe('clearing', () => {
  it('leaves nothing of this training, and all of another', async () => {
    await open(OTHER_KEY).save(checkpointAt(3, 'of another training'));
    const tensors = await putTensors('tensors 6');
    for (const step of [3, 6]) await store.save(checkpointAt(step));
    await store.clear();
    expect(await keys()).toEqual([keyOf(3, OTHER_KEY)]);
    expect(await installation.stores.artifacts.has(tensors, 'demo')).toBe(false);
    expect((await open(OTHER_KEY).latest(TOTAL))?.state.step).toBe(3);
  });

  it('never erases what a forged document names', async () => {
    const precious = await putTensors('an adapter that was released');
    const forged = { memoKey: MEMO_KEY, tensors: precious, state: stateAt(6) };
    await overwrite(keyOf(6), await signCheckpointDocument(stranger, forged));
    await overwrite(keyOf(7), canonicalBytes({ tensors: precious, state: stateAt(7) }));
    await store.clear();
    expect(await keys()).toEqual([]);
    expect(await installation.stores.artifacts.has(precious, 'demo')).toBe(true);
  });
});
