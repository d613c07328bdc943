import { ModelError } from './errors.js';
import { decodeBfloat16, decodeFloat16 } from './float-formats.js';
import { headerLength, parseHeader, type SafetensorsHeader } from './safetensors-header.js';

/** A file (or object) that can be read in ranges. */
export interface RangeSource {
  readonly name: string;
  readonly sizeBytes: number;
  readRange(offset: number, length: number): Promise<Uint8Array>;
}

/** Named tensors read one at a time, as float32 in row-major order. */
export interface TensorSource {
  readonly names: readonly string[];
  has(name: string): boolean;
  /** @throws ModelError TENSOR_MISSING */
  shape(name: string): readonly number[];
  /** As safetensors names it, e.g. BF16. @throws ModelError TENSOR_MISSING */
  dtype(name: string): string;
  /** @throws ModelError TENSOR_MISSING, DTYPE_UNSUPPORTED */
  readFloat32(name: string): Promise<Float32Array>;
  /** The tensor's bytes as stored (little endian). @throws ModelError TENSOR_MISSING */
  readBytes(name: string): Promise<Uint8Array>;
}

const DECODERS: Readonly<Record<string, (bytes: Uint8Array) => Float32Array>> = {
  // A copy by the constructor: the slice of a Node Buffer would share its pool.
  F32: (bytes) => new Float32Array(new Uint8Array(bytes).buffer),
  BF16: decodeBfloat16,
  F16: decodeFloat16,
};

/** A range source over bytes in memory. */
export function memorySource(name: string, bytes: Uint8Array): RangeSource {
  return {
    name,
    sizeBytes: bytes.length,
    readRange: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

async function readHeader(source: RangeSource): Promise<SafetensorsHeader> {
  const first = await source.readRange(0, Math.min(8, source.sizeBytes));
  const length = headerLength(first, source.sizeBytes, source.name);
  return parseHeader(await source.readRange(8, length), source.sizeBytes, source.name);
}

/**
 * Opens a safetensors file; reads only its header.
 * @throws ModelError SAFETENSORS_INVALID when the header fails a check
 */
export async function openSafetensors(
  source: RangeSource,
): Promise<TensorSource & { readonly header: SafetensorsHeader }> {
  const header = await readHeader(source);
  const entry = (name: string) => {
    const found = header.tensors.get(name);
    if (found !== undefined) return found;
    throw new ModelError('TENSOR_MISSING', `${source.name}: tensor "${name}" is not in the file.`);
  };
  const readBytes = async (name: string) => {
    const { begin, end } = entry(name);
    const bytes = await source.readRange(header.dataOffset + begin, end - begin);
    if (bytes.length === end - begin) return bytes;
    throw new ModelError('SAFETENSORS_INVALID', `${source.name}: "${name}" is cut short.`);
  };
  return {
    header,
    names: [...header.tensors.keys()],
    has: (name) => header.tensors.has(name),
    shape: (name) => entry(name).shape,
    dtype: (name) => entry(name).dtype,
    readBytes,
    readFloat32: async (name) => {
      const { dtype } = entry(name);
      const decode = DECODERS[dtype];
      if (decode !== undefined) return decode(await readBytes(name));
      throw new ModelError(
        'DTYPE_UNSUPPORTED',
        `${source.name}: tensor "${name}" has dtype ${dtype}; F32, F16 and BF16 can be read.`,
      );
    },
  };
}
