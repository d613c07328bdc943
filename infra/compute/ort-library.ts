import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

type Pointer = bigint;
/** A C function; koffi's own type says `any`. */
type Native = (...args: unknown[]) => unknown;
type Shape = readonly number[];

/** Runs a model of two or three inputs A, B, C and the output Y on buffers where they lie. */
export type RunInPlace = (inputs: readonly Bound[], output: Bound) => void;
/** The same on values that were made before. */
export type RunOnValues = (inputs: readonly Value[], output: Value) => void;
/** onnxruntime's handle of a tensor: its buffer has to stay where it is. */
export type Value = Pointer;
export interface Bound {
  readonly data: Float32Array;
  readonly shape: Shape;
}

const LIBRARY: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'libonnxruntime.so.1',
  darwin: 'libonnxruntime.1.dylib',
  win32: 'onnxruntime.dll',
};

/** Places in OrtApi (onnxruntime_c_api.h), to which later versions only append. */
const API_VERSION = 22;
const MEMBERS = {
  getErrorMessage: [2, 'const char *%(void *status)'],
  createEnv: [3, 'void *%(int level, const char *id, _Out_ void **env)'],
  createSession: [
    8,
    'void *%(void *env, void *model, size_t size, void *options, _Out_ void **out)',
  ],
  run: [
    9,
    'void *%(void *session, void *options, void *names, void *inputs, size_t count, void *outNames, size_t outCount, void *outputs)',
  ],
  createOptions: [10, 'void *%(_Out_ void **options)'],
  setThreads: [24, 'void *%(void *options, int threads)'],
  createTensor: [
    49,
    'void *%(void *memory, void *data, size_t size, void *shape, size_t rank, int type, _Out_ void **out)',
  ],
  createMemoryInfo: [69, 'void *%(int allocator, int type, _Out_ void **out)'],
  releaseStatus: [93, 'void %(void *status)'],
  releaseValue: [96, 'void %(void *value)'],
  setOption: [130, 'void *%(void *options, const char *key, const char *value)'],
} as const;
type Api = Readonly<Record<keyof typeof MEMBERS, Native>>;

const FLOAT = 1;
/** Errors come back as a status; nothing is written to the standard output. */
const FATAL = 4;

type Koffi = typeof import('koffi');

interface OpenApi {
  readonly api: Api;
  /** The loaded library: koffi unloads it once nothing refers to it. */
  readonly handle: object;
}

function openApi(koffi: Koffi): OpenApi {
  const binding = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  const file = LIBRARY[process.platform] ?? '';
  const folder = join(dirname(binding), 'bin/napi-v6', process.platform, process.arch);
  const handle = koffi.load(join(folder, file));
  const base = handle.func('void *OrtGetApiBase()')() as unknown;
  const [getApi] = koffi.decode(base, 'void *', 1) as [unknown];
  const prototype = (text: string) => koffi.proto(text);
  const open = koffi.decode(getApi, prototype('void *CustosGetApi(uint32_t version)')) as Native;
  const table = koffi.decode(open(API_VERSION), 'void *', 131) as unknown[];
  const members = Object.entries(MEMBERS).map(([name, [place, text]]) => [
    name,
    koffi.decode(table[place], prototype(text.replace('%', `CustosOrt_${name}`))) as Native,
  ]);
  return { api: Object.fromEntries(members) as Api, handle };
}

interface Library extends OpenApi {
  readonly koffi: Koffi;
  readonly check: (status: unknown) => void;
  /** Calls a function whose last argument receives a pointer. */
  readonly make: (f: Native, ...args: unknown[]) => Pointer;
  readonly env: Pointer;
  readonly memory: Pointer;
  /** Addresses of the names A, B, C and Y. */
  readonly names: readonly Pointer[];
}

function cString(koffi: Koffi, text: string): Pointer {
  const place = koffi.alloc('char', text.length + 1) as unknown;
  [...text, '\0'].forEach((char, i) => {
    koffi.encode(place, i, 'char', char.charCodeAt(0));
  });
  return koffi.address(place);
}

function openLibrary(): Library {
  const koffi = createRequire(import.meta.url)('koffi') as Koffi;
  const { api, handle } = openApi(koffi);
  const check = (status: unknown) => {
    if (status === null) return;
    const message = String(api.getErrorMessage(status));
    api.releaseStatus(status);
    throw new Error(message);
  };
  const make = (f: Native, ...args: unknown[]): Pointer => {
    const out: [Pointer | null] = [null];
    check(f(...args, out));
    return out[0] as Pointer;
  };
  const env = make(api.createEnv, FATAL, 'custos');
  const memory = make(api.createMemoryInfo, 0, 0);
  const names = ['A', 'B', 'C', 'Y'].map((name) => cString(koffi, name));
  return { koffi, api, handle, check, make, env, memory, names };
}

let shared: Library | undefined;
function library(): Library {
  shared ??= openLibrary();
  return shared;
}

/** A tensor on the buffer where it lies; to be released. */
export function makeValue({ data, shape }: Bound): Value {
  const { koffi, api, make, memory } = library();
  const dims = BigInt64Array.from(shape, BigInt);
  const value = make(api.createTensor, memory, data, data.byteLength, dims, dims.length, FLOAT);
  return koffi.address(value);
}

export function releaseValue(value: Value): void {
  library().api.releaseValue(value);
}

/**
 * Opens a model through onnxruntime's C interface, because its Node.js binding copies every output
 * into a new buffer: that costs more than many of the products themselves.
 * @param threads threads of one run; spinning is off, so that a busy neighbour costs little
 * @throws Error when the library cannot be loaded
 */
export function openOnValues(model: Uint8Array, threads: number): RunOnValues {
  const { api, check, make, env, names } = library();
  const options = make(api.createOptions);
  check(api.setThreads(options, threads));
  check(api.setOption(options, 'session.intra_op.allow_spinning', '0'));
  const session = make(api.createSession, env, model, model.byteLength, options);
  const [inputNames, outputNames] = [new BigUint64Array(3), new BigUint64Array(1)];
  inputNames.set(names.slice(0, 3));
  outputNames.set(names.slice(3));
  const [inputValues, outputValues] = [new BigUint64Array(3), new BigUint64Array(1)];
  return (inputs, output) => {
    inputValues.set(inputs);
    outputValues[0] = output;
    const given = [inputNames, inputValues, inputs.length, outputNames, 1, outputValues];
    check(api.run(session, null, ...given));
  };
}

/** `openOnValues` for buffers that may move before the next run. */
export function openInPlace(model: Uint8Array, threads: number): RunInPlace {
  const run = openOnValues(model, threads);
  return (inputs, output) => {
    const values = [...inputs, output].map(makeValue);
    try {
      run(values.slice(0, -1), values.at(-1) as Value);
    } finally {
      values.forEach(releaseValue);
    }
  };
}
