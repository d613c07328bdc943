import { parseJson } from '../domain/evidence/index.js';
import { canonicalBytes, type ArtifactStore, type DocumentStore } from '../domain/lineage/index.js';
import type { Checkpoint } from '../domain/train/index.js';
import { check, validateCheckpointState, type ArtifactRef } from '../schemas/index.js';
import type { StepContext } from './context.js';

/** Checkpoints of one training, by its memo key, so that any worker can go on. */
export interface CheckpointStore {
  /** The newest that still opens. */
  latest(): Promise<Checkpoint | undefined>;
  save(checkpoint: Checkpoint): Promise<void>;
}

interface CheckpointDocument {
  readonly tensors: ArtifactRef;
  readonly state: unknown;
}

export interface CheckpointDeps {
  readonly artifacts: ArtifactStore;
  readonly documents: DocumentStore;
}

async function keysBelow(documents: DocumentStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of documents.list(prefix)) keys.push(key);
  return keys.sort();
}

/** Keeps at most `policy.train.maxCheckpoints`; tensors first, then the document that names them. */
export function openCheckpoints({ artifacts, documents }: CheckpointDeps) {
  return (context: StepContext): CheckpointStore => {
    const prefix = `${context.memoKey.slice(7)}/`;
    const { project } = context;
    const read = async (key: string): Promise<CheckpointDocument | undefined> => {
      const document = await documents.read(key);
      if (document === undefined) return undefined;
      return parseJson(document.bytes, `checkpoint ${key}`) as CheckpointDocument;
    };
    const prune = async (): Promise<void> => {
      const keys = await keysBelow(documents, prefix);
      for (const key of keys.slice(0, -context.policy.train.maxCheckpoints)) {
        const old = await read(key);
        await documents.remove(key);
        if (old !== undefined) await artifacts.erase(old.tensors, project, 'superseded checkpoint');
      }
    };
    return {
      latest: async () => {
        for (const key of (await keysBelow(documents, prefix)).reverse()) {
          const document = await read(key);
          if (document === undefined || !(await artifacts.has(document.tensors, project))) continue;
          const state = check(validateCheckpointState, document.state, `checkpoint ${key}`);
          return { state, bytes: await artifacts.get(document.tensors, project) };
        }
        return undefined;
      },
      save: async ({ bytes, state }) => {
        const options = {
          class: 'derived',
          mediaType: 'application/vnd.safetensors',
          project,
        } as const;
        const tensors = await artifacts.put(bytes, options);
        const key = `${prefix}${String(state.step).padStart(9, '0')}.json`;
        await documents.create(key, canonicalBytes({ tensors, state }));
        await prune();
      },
    };
  };
}
