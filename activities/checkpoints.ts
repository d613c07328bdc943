import {
  hexOf,
  type ArtifactStore,
  type DocumentStore,
  type Signer,
  type TrustedKey,
} from '../domain/lineage/index.js';
import {
  openCheckpointDocument,
  requireUnfinished,
  signCheckpointDocument,
  type Checkpoint,
} from '../domain/train/index.js';
import type { TrainingCheckpoint } from '../schemas/index.js';
import type { StepContext } from './context.js';

/** Checkpoints of one training, by its memo key, so that any worker can go on. */
export interface CheckpointStore {
  /** The newest that can be believed, before `totalSteps`; one that cannot is reported and passed over. */
  readonly latest: (totalSteps: number) => Promise<Checkpoint | undefined>;
  /** Stores one in place of whatever has its step, and removes all but the newest few up to it. */
  readonly save: (checkpoint: Checkpoint) => Promise<void>;
  /** Removes all: a committed training needs none. */
  readonly clear: () => Promise<void>;
}

export interface CheckpointDeps {
  readonly artifacts: ArtifactStore;
  readonly documents: DocumentStore;
  readonly signer: Signer;
  readonly trustedKeys: () => Promise<readonly TrustedKey[]>;
  /** Facts are digests, numbers and codes. */
  readonly warn: (message: string, facts: Readonly<Record<string, string>>) => void;
}

type OfTraining = Pick<StepContext, 'memoKey' | 'project' | 'policy'>;

/** What says that a checkpoint is of no use; any other error is one of the store, and thrown. */
const USELESS = new Set([
  ...['CHECKPOINT_INVALID', 'STORE_CORRUPT', 'KEY_UNAVAILABLE'],
  ...['ARTIFACT_MISSING', 'ARTIFACT_ERASED', 'ARTIFACT_CORRUPT'],
]);

const TENSORS = { class: 'derived', mediaType: 'application/vnd.safetensors' } as const;

async function keysBelow(documents: DocumentStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of documents.list(prefix)) keys.push(key);
  return keys.sort();
}

async function putInPlace(documents: DocumentStore, key: string, bytes: Uint8Array) {
  if (await documents.create(key, bytes)) return;
  const present = await documents.read(key);
  if (present !== undefined) await documents.replace(key, bytes, present.etag);
}

/** `use` of what was signed under a key; undefined, with a warning, when that is of no use. */
async function tryOpen<T>(
  deps: CheckpointDeps,
  memoKey: string,
  key: string,
  use: (signed: TrainingCheckpoint) => Promise<T>,
): Promise<T | undefined> {
  try {
    const document = await deps.documents.read(key);
    if (document === undefined) return undefined;
    const keys = await deps.trustedKeys();
    return await use(openCheckpointDocument(document.bytes, keys, memoKey, `checkpoint ${key}`));
  } catch (error) {
    const code = (error as { code?: unknown } | undefined)?.code;
    if (typeof code !== 'string' || !USELESS.has(code)) throw error;
    deps.warn('a checkpoint is of no use', { checkpoint: key, code });
    return undefined;
  }
}

/** Gives each training its checkpoints, signed by this worker. */
export function openCheckpoints(deps: CheckpointDeps): (context: OfTraining) => CheckpointStore {
  const { artifacts, documents, signer } = deps;
  return ({ memoKey, project, policy }) => {
    const prefix = `${hexOf(memoKey)}/`;
    // Tensors are erased only on a trusted worker's word: a forged document may name any artifact.
    const remove = async (key: string): Promise<void> => {
      await tryOpen(deps, memoKey, key, ({ tensors }) =>
        artifacts.erase(tensors, project, 'unneeded checkpoint'),
      );
      await documents.remove(key);
    };
    /** Keeps the newest few up to `newest`; one past it was not believed when training went on. */
    const prune = async (newest: string): Promise<void> => {
      const keys = await keysBelow(documents, prefix);
      const kept = keys.filter((key) => key <= newest).slice(-policy.train.maxCheckpoints);
      for (const key of keys) if (!kept.includes(key)) await remove(key);
    };
    return {
      latest: async (totalSteps) => {
        for (const key of (await keysBelow(documents, prefix)).reverse()) {
          const found = await tryOpen(deps, memoKey, key, async ({ state, tensors }) => {
            requireUnfinished(state, totalSteps);
            return { state, bytes: await artifacts.get(tensors, project) };
          });
          if (found !== undefined) return found;
        }
        return undefined;
      },
      save: async ({ bytes, state }) => {
        const tensors = await artifacts.put(bytes, { ...TENSORS, project });
        const key = `${prefix}${String(state.step).padStart(9, '0')}.json`;
        const signed = await signCheckpointDocument(signer, { memoKey, tensors, state });
        await putInPlace(documents, key, signed);
        await prune(key);
      },
      clear: async () => {
        for (const key of await keysBelow(documents, prefix)) await remove(key);
      },
    };
  };
}
