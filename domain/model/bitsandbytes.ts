import { isObject } from './config-values.js';
import { ModelError } from './errors.js';
import type { NestedScales, Nf4Dtype, Nf4Tensor } from './nf4.js';
import type { TensorSource } from './safetensors.js';

const STATE = '.quant_state.bitsandbytes__nf4';

/** Whether the checkpoint holds this weight in bitsandbytes NF4; decided per module, never by config.json. */
export function isPacked(source: TensorSource, weight: string): boolean {
  return source.has(`${weight}${STATE}`);
}

function fail(weight: string, what: string, cause?: unknown): never {
  throw new ModelError(
    'QUANTIZATION_INVALID',
    `Tensor "${weight}": ${what}; write the checkpoint again with bitsandbytes, or give the original weights.`,
    { cause },
  );
}

interface State {
  readonly blockSize: number;
  readonly dtype: Nf4Dtype;
  readonly nested: { readonly blockSize: number; readonly offset: number } | undefined;
}

const isBlockSize = (value: unknown): value is number =>
  typeof value === 'number' && value >= 32 && value <= 4096 && Number.isInteger(Math.log2(value));

const DTYPES: readonly unknown[] = ['float32', 'bfloat16', 'float16'];

/** The JSON that bitsandbytes stores as bytes beside the weight (QuantState.as_dict, packed). */
async function readState(
  source: TensorSource,
  weight: string,
  shape: readonly number[],
): Promise<State> {
  const bytes = await source.readBytes(`${weight}${STATE}`);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    return fail(weight, 'its quant_state is not JSON', cause);
  }
  if (!isObject(json)) return fail(weight, 'its quant_state is not an object');
  const { quant_type: type, blocksize, dtype, shape: stated, nested_blocksize: inner } = json;
  if (type !== 'nf4') fail(weight, 'its quant_state is not of type nf4');
  if (!isBlockSize(blocksize)) fail(weight, 'its blocksize is not one of 32 to 4096');
  if (!DTYPES.includes(dtype)) fail(weight, 'its dtype is not float32, bfloat16 or float16');
  if (JSON.stringify(stated) !== JSON.stringify(shape)) {
    throw new ModelError(
      'TENSOR_SHAPE',
      `Tensor "${weight}" is packed for another shape; config.json calls for [${shape.join(', ')}].`,
    );
  }
  const state = { blockSize: blocksize, dtype: dtype as Nf4Dtype };
  if (inner === undefined) return { ...state, nested: undefined };
  const offset = json['nested_offset'];
  if (!isBlockSize(inner) || typeof offset !== 'number' || !Number.isFinite(offset))
    return fail(weight, 'its nested quantization is incomplete');
  return { ...state, nested: { blockSize: inner, offset: Math.fround(offset) } };
}

async function readFloats(
  source: TensorSource,
  weight: string,
  part: string,
  length: number,
): Promise<Float32Array> {
  const name = `${weight}.${part}`;
  if (!source.has(name)) fail(weight, `"${part}" is missing`);
  const values = await source.readFloat32(name);
  if (values.length !== length) fail(weight, `"${part}" has not ${String(length)} elements`);
  if (!values.every(Number.isFinite)) fail(weight, `"${part}" holds a value that is not finite`);
  return values;
}

async function readScales(
  source: TensorSource,
  weight: string,
  blocks: number,
  nested: State['nested'],
): Promise<NestedScales | Float32Array> {
  if (nested === undefined) return readFloats(source, weight, 'absmax', blocks);
  const codes = source.has(`${weight}.absmax`)
    ? await source.readBytes(`${weight}.absmax`)
    : fail(weight, '"absmax" is missing');
  if (codes.length !== blocks) fail(weight, `"absmax" has not ${String(blocks)} bytes`);
  const outer = Math.ceil(blocks / nested.blockSize);
  return {
    codes,
    map: await readFloats(source, weight, 'nested_quant_map', 256),
    absmax: await readFloats(source, weight, 'nested_absmax', outer),
    ...nested,
  };
}

/**
 * Reads a weight that bitsandbytes packed, bit for bit: its own codes, code book and scales, and
 * the dtype that its elements are rounded to. The bytes may be stored under another dtype
 * (`bnb_4bit_quant_storage`).
 * Source: bitsandbytes 0.50.2, Linear4bit._save_to_state_dict and QuantState.from_dict.
 * @param shape [out, in] by config.json
 * @throws ModelError QUANTIZATION_INVALID, TENSOR_SHAPE, TENSOR_MISSING
 */
export async function readPacked(
  source: TensorSource,
  weight: string,
  shape: readonly number[],
): Promise<Nf4Tensor> {
  const { blockSize, dtype, nested } = await readState(source, weight, shape);
  const elements = shape.reduce((product, n) => product * n, 1);
  const packed = await source.readBytes(weight);
  if (packed.length !== Math.ceil(elements / 2))
    fail(weight, `has not ${String(Math.ceil(elements / 2))} bytes of codes`);
  const code = await readFloats(source, weight, 'quant_map', 16);
  const scales = await readScales(source, weight, Math.ceil(elements / blockSize), nested);
  return { shape, packed, blockSize, code, scales, dtype };
}
