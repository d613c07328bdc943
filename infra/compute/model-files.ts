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

const WEIGHTS = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';

function unreadable(what: string, cause?: unknown): ComputeError {
  return new ComputeError('MODEL_UNREADABLE', `${what}; fetch the base model again.`, { cause });
}

/** Which file holds which tensor, by the index; undefined for a model of one file. */
type WeightMap = ReadonlyMap<string, string>;

async function readWeightMap(directory: string): Promise<WeightMap | undefined> {
  const single = await stat(join(directory, WEIGHTS)).catch(() => undefined);
  if (single !== undefined) return undefined;
  const index = (await readJson(directory, INDEX)) as { weight_map?: unknown } | null;
  const map = Object.entries((index?.weight_map ?? {}) as Readonly<Record<string, unknown>>);
  const isPlain = (entry: [string, unknown]): entry is [string, string] =>
    typeof entry[1] === 'string' && /^[\w.-]+\.safetensors$/.test(entry[1]);
  if (map.length > 0 && map.every(isPlain)) return new Map(map);
  throw unreadable(`${INDEX} names no files, or files outside the model directory`);
}

/** Fails where the index and the files disagree, so that no tensor is taken from a place not meant. */
function checkIndex(map: WeightMap, shards: ReadonlyMap<string, TensorSource>): void {
  for (const [name, file] of map) {
    if (shards.get(file)?.has(name) === true) continue;
    throw unreadable(
      `${INDEX} says that tensor ${JSON.stringify(name.slice(0, 200))} is in ${file}, which has none of that name`,
    );
  }
  for (const [file, { names }] of shards) {
    const other = names.find((name) => map.get(name) !== file);
    if (other === undefined) continue;
    throw unreadable(
      `${file} has a tensor ${JSON.stringify(other.slice(0, 200))}, which ${INDEX} does not say of it`,
    );
  }
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
  const map = await readWeightMap(directory);
  const files: FileHandle[] = [];
  try {
    const sources = new Map<string, TensorSource>();
    const names = map === undefined ? [WEIGHTS] : [...new Set(map.values())].sort();
    for (const name of names) {
      const file = await open(join(directory, name), 'r').catch((cause: unknown) => {
        throw unreadable(`${name} of the base model cannot be opened`, cause);
      });
      files.push(file);
      const { size } = await file.stat();
      sources.set(name, await openSafetensors(fileSource(name, file, size)));
    }
    if (map !== undefined) checkIndex(map, sources);
    return await use(config, joined([...sources.values()], onRead));
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
}
