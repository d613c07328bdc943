import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const MEMORY_SECTION = 5;
const WITH_MAXIMUM = 1;
const SHARED_WITH_MAXIMUM = 3;

/** Where the limits of a module's one memory begin (WebAssembly specification 5.5.8). */
function limitsAt(binary: Uint8Array): number {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = binary[at++] ?? 0;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < binary.length) {
    const section = binary[at++];
    const size = number();
    if (section === MEMORY_SECTION && number() === 1 && binary[at] === WITH_MAXIMUM) return at;
    at += size;
  }
  throw new Error('TensorFlow.js has another WebAssembly module than is known.');
}

/**
 * TensorFlow.js's SIMD module with its memory declared as shared, so that several threads compute on
 * it; nothing else differs. Its own threaded build is not made for Node.js.
 */
async function sharedModule(): Promise<Uint8Array> {
  const path = '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm';
  const binary = new Uint8Array(await readFile(createRequire(import.meta.url).resolve(path)));
  binary[limitsAt(binary)] = SHARED_WITH_MAXIMUM;
  return binary;
}

interface WasmPackage {
  readonly setWasmPaths: (paths: Readonly<Record<string, string>>, fetched: boolean) => void;
}

/** Loads the wasm backend's package, to start on shared memory. */
export async function loadSharedWasm(): Promise<void> {
  const { setWasmPaths } = (await import('@tensorflow/tfjs-backend-wasm')) as WasmPackage;
  const text = Buffer.from(await sharedModule()).toString('base64');
  const url = `data:application/wasm;base64,${text}`;
  // One module for every name: which one would be taken depends on what Node.js supports.
  const names = ['', '-simd', '-threaded-simd'].map((kind) => `tfjs-backend-wasm${kind}.wasm`);
  setWasmPaths(Object.fromEntries(names.map((name) => [name, url])), true);
}
