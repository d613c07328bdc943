import { open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ModelError,
  openSafetensors,
  parseModelConfig,
  type ModelConfig,
  type RangeSource,
  type TensorSource,
} from '../../domain/model/index.js';
import { ComputeError } from './errors.js';

function fileSource(name: string, file: FileHandle, sizeBytes: number): RangeSource {
  return {
    name,
    sizeBytes,
    readRange: async (offset, length) => {
      const out = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await file.read(out, done, length - done, offset + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return out.subarray(0, done);
    },
  };
}

async function readJson(directory: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(directory, name), 'utf8'));
  } catch (cause) {
    throw new ComputeError(
      'MODEL_UNREADABLE',
      `${name} of the base model cannot be read as JSON; check the model directory.`,
      { cause },
    );
  }
}

/** The weight files of a directory: one, or those that the index names (plain file names only). */
async function weightFiles(directory: string): Promise<readonly string[]> {
  const single = await stat(join(directory, 'model.safetensors')).catch(() => undefined);
  if (single !== undefined) return ['model.safetensors'];
  const index = (await readJson(directory, 'model.safetensors.index.json')) as {
    weight_map?: Record<string, unknown>;
  };
  const names = [...new Set(Object.values(index.weight_map ?? {}))].sort();
  const plain = names.filter(
    (name): name is string => typeof name === 'string' && /^[\w.-]+\.safetensors$/.test(name),
  );
  if (plain.length === names.length && plain.length > 0) return plain;
  throw new ComputeError(
    'MODEL_UNREADABLE',
    'model.safetensors.index.json names no files, or files outside the model directory.',
  );
}

/** The tensors of all files; `onRead` is called before each is read and may throw to stop. */
function joined(sources: readonly TensorSource[], onRead: () => void): TensorSource {
  const owner = new Map(
    sources.flatMap((source) => source.names.map((name) => [name, source] as const)),
  );
  const of = (name: string): TensorSource => {
    const source = owner.get(name);
    if (source !== undefined) return source;
    throw new ModelError('TENSOR_MISSING', `The base model has no tensor "${name}".`);
  };
  return {
    names: [...owner.keys()],
    has: (name) => owner.has(name),
    shape: (name) => of(name).shape(name),
    dtype: (name) => of(name).dtype(name),
    readFloat32: (name) => {
      onRead();
      return of(name).readFloat32(name);
    },
    readBytes: (name) => {
      onRead();
      return of(name).readBytes(name);
    },
  };
}

/**
 * Opens a base model directory whose files the caller has verified, for the time of `use`.
 * @param onRead called before each tensor is read; throws to stop
 * @throws ComputeError MODEL_UNREADABLE, ModelError
 */
export async function withModelFiles<T>(
  directory: string,
  use: (config: ModelConfig, tensors: TensorSource) => Promise<T>,
  onRead: () => void = () => undefined,
): Promise<T> {
  const config = parseModelConfig(await readJson(directory, 'config.json'));
  const files: FileHandle[] = [];
  try {
    const sources: TensorSource[] = [];
    for (const name of await weightFiles(directory)) {
      const file = await open(join(directory, name), 'r');
      files.push(file);
      sources.push(await openSafetensors(fileSource(name, file, (await file.stat()).size)));
    }
    return await use(config, joined(sources, onRead));
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
}
