import { createRequire } from 'node:module';
import { findNative } from './tensorflow/index.js';

export const BACKENDS = ['tfjs-node-gpu', 'tfjs-node', 'wasm+onnxruntime', 'wasm', 'cpu'] as const;
export type BackendName = (typeof BACKENDS)[number];

function isInstalled(packageName: string): boolean {
  try {
    createRequire(import.meta.url).resolve(packageName);
    return true;
  } catch {
    return false;
  }
}

/** What has to be there for each backend that "auto" considers; the slow ones are asked for by name. */
const PRESENT = {
  'tfjs-node-gpu': () => findNative('tfjs-node-gpu') !== undefined,
  'tfjs-node': () => findNative('tfjs-node') !== undefined,
  'wasm+onnxruntime': () => isInstalled('onnxruntime-node'),
} as const;

/** The backends that are installed here; whether one starts is seen by starting it. */
export function availableBackends(): readonly BackendName[] {
  const names = Object.keys(PRESENT) as (keyof typeof PRESENT)[];
  return names.filter((name) => PRESENT[name]());
}
