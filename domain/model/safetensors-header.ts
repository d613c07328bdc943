import { ModelError } from './errors.js';

/** Bits per element of every safetensors dtype. Source: huggingface/safetensors, Dtype. */
const BITS: Readonly<Record<string, number>> = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
};

const MAX_HEADER_BYTES = 100_000_000;

/** One tensor of a file: `begin` and `end` count bytes from the start of the data section. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Bytes before the data section: 8 + header length. */
  readonly dataOffset: number;
}

function fail(where: string, what: string, cause?: unknown): never {
  throw new ModelError(
    'SAFETENSORS_INVALID',
    `${where}: ${what}. The file is damaged or hostile; fetch it again from its source.`,
    { cause },
  );
}

/**
 * Reads the length word of a safetensors file.
 * @param first the file's first 8 bytes
 * @returns header length in bytes
 * @throws ModelError SAFETENSORS_INVALID
 */
export function headerLength(first: Uint8Array, fileBytes: number, where: string): number {
  if (first.length < 8) fail(where, 'shorter than the 8-byte length word');
  const view = new DataView(first.buffer, first.byteOffset, 8);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) fail(where, 'header length above 100,000,000 bytes');
  if (Number(length) + 8 > fileBytes) fail(where, 'header reaches past the end of the file');
  if (length < 2n) fail(where, 'header too short to be JSON');
  return Number(length);
}

/**
 * Parses and checks a safetensors header: contiguous offsets from 0, sizes that match dtype and
 * shape, no duplicate key, string metadata, data that ends exactly at the end of the file.
 * Source: huggingface/safetensors, "Format".
 * @throws ModelError SAFETENSORS_INVALID
 */
export function parseHeader(json: Uint8Array, fileBytes: number, where: string): SafetensorsHeader {
  if (json[0] !== 0x7b) fail(where, 'header does not begin with "{"');
  const text = new TextDecoder('utf-8', { fatal: true });
  let raw: unknown;
  let fault: string | undefined;
  try {
    const source = text.decode(json);
    fault = faultOfKeys(source);
    raw = fault === undefined ? JSON.parse(source) : undefined;
  } catch {
    fail(where, 'header is not UTF-8 JSON');
  }
  if (fault !== undefined) fail(where, fault);
  if (typeof raw !== 'object' || raw === null) fail(where, 'header is not an object');
  const { __metadata__: rawMetadata, ...entries } = raw as Record<string, unknown>;
  const metadata = readMetadata(rawMetadata, where);
  const tensors = Object.entries(entries).map(([name, entry]) => readEntry(name, entry, where));
  const dataOffset = 8 + json.length;
  checkContiguous(tensors, fileBytes - dataOffset, where);
  return { tensors: new Map(tensors.map((t) => [t.name, t])), metadata, dataOffset };
}

function readMetadata(raw: unknown, where: string): Record<string, string> {
  if (raw === undefined) return {};
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    fail(where, '__metadata__ is not an object');
  }
  for (const value of Object.values(raw)) {
    if (typeof value !== 'string') fail(where, '__metadata__ holds a value that is not a string');
  }
  return raw as Record<string, string>;
}

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

function readEntry(name: string, raw: unknown, where: string): TensorEntry {
  const at = `tensor ${JSON.stringify(name.slice(0, 200))}`;
  if (typeof raw !== 'object' || raw === null) fail(where, `${at} is not an object`);
  const { dtype, shape, data_offsets: offsets } = raw as Record<string, unknown>;
  const bits = typeof dtype === 'string' && Object.hasOwn(BITS, dtype) ? BITS[dtype] : undefined;
  if (bits === undefined) fail(where, `${at} has an unknown dtype`);
  if (!Array.isArray(shape) || !shape.every(isCount)) fail(where, `${at} has a bad shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    fail(where, `${at} has bad data_offsets`);
  }
  const [begin, end] = offsets as [number, number];
  const sizeBits = shape.reduce((product, n) => product * n, 1) * bits;
  if (!Number.isSafeInteger(sizeBits) || sizeBits % 8 !== 0 || end - begin !== sizeBits / 8) {
    fail(where, `${at} has data_offsets that do not match dtype and shape`);
  }
  return { name, dtype: dtype as string, shape: shape, begin, end };
}

function checkContiguous(tensors: readonly TensorEntry[], dataBytes: number, where: string): void {
  let at = 0;
  for (const tensor of [...tensors].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (tensor.begin !== at) fail(where, 'data has a hole or an overlap');
    at = tensor.end;
  }
  if (at !== dataBytes) fail(where, 'data does not end at the end of the file');
}

/** A header, a tensor's entry, and its shape or offsets. */
const MAX_DEPTH = 3;

/** Index after the string that begins at `start`; the text's length where it does not end. */
function endOfString(source: string, start: number): number {
  let quote = source.indexOf('"', start + 1);
  while (quote !== -1) {
    let before = quote;
    while (source[before - 1] === '\\') before--;
    if ((quote - before) % 2 === 0) return quote + 1;
    quote = source.indexOf('"', quote + 1);
  }
  return source.length;
}

/**
 * What is wrong with nesting and keys. JSON.parse keeps the last of two equal keys and takes a
 * minute for 20 million brackets, so the text is walked before. Not by a pattern over strings: one
 * of many megabytes exhausts its stack.
 * @throws SyntaxError where a key is no JSON string
 */
function faultOfKeys(source: string): string | undefined {
  const stack: (Set<string> | null)[] = [];
  const mark = /["[\]{}]/g;
  const colon = /\s*:/y;
  for (let found = mark.exec(source); found !== null; found = mark.exec(source)) {
    const [text] = found;
    if (text === '{' || text === '[') {
      if (stack.push(text === '{' ? new Set() : null) > MAX_DEPTH) return 'header nests too deep';
    } else if (text === '}' || text === ']') stack.pop();
    else {
      mark.lastIndex = colon.lastIndex = endOfString(source, found.index);
      const keys = stack.at(-1);
      const key = source.slice(found.index, mark.lastIndex);
      if (keys == null || !colon.test(source)) continue;
      const name = JSON.parse(key) as string;
      if (keys.has(name)) return 'header repeats a key';
      keys.add(name);
    }
  }
  return undefined;
}
