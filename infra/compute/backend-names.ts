import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { findNative } from './tensorflow/index.js';

export const BACKENDS = [
  'tfjs-node-gpu',
  'tfjs-node',
  'webgpu',
  'wasm+onnxruntime',
  'wasm',
  'cpu',
] as const;
export type BackendName = (typeof BACKENDS)[number];

function isInstalled(packageName: string): boolean {
  try {
    createRequire(import.meta.url).resolve(packageName);
    return true;
  } catch {
    return false;
  }
}

/** The packages that the backend "webgpu" stands on; npm leaves them out where they cannot be installed. */
const WEBGPU_PACKAGES = ['webgpu', '@tensorflow/tfjs-backend-webgpu'] as const;

/** Where Linux shows a GPU: NVIDIA's driver, Windows' under WSL, every other one. */
function hasGpuNode(): boolean {
  if (process.platform !== 'linux') return true;
  if (['/dev/nvidia0', '/dev/dxg'].some((path) => existsSync(path))) return true;
  const nodes = existsSync('/dev/dri') ? readdirSync('/dev/dri') : [];
  return nodes.some((name) => name.startsWith('renderD'));
}

/** What has to be there for each backend that "auto" considers; the slow ones are asked for by name. */
const PRESENT = {
  'tfjs-node-gpu': () => findNative('tfjs-node-gpu') !== undefined,
  'tfjs-node': () => findNative('tfjs-node') !== undefined,
  webgpu: () => WEBGPU_PACKAGES.every(isInstalled) && hasGpuNode(),
  'wasm+onnxruntime': () => isInstalled('onnxruntime-node'),
} as const;

/** Why backends whose packages are here are not tried all the same. */
export function unusableBackends(): readonly { backend: BackendName; failure: string }[] {
  if (PRESENT.webgpu() || !WEBGPU_PACKAGES.every(isInstalled)) return [];
  return [
    {
      backend: 'webgpu',
      failure: 'this machine shows no GPU (nothing in /dev/dri or /dev/nvidia0)',
    },
  ];
}

/** The backends that are installed here; whether one starts is seen by starting it. */
export function availableBackends(): readonly BackendName[] {
  const names = Object.keys(PRESENT) as (keyof typeof PRESENT)[];
  return names.filter((name) => PRESENT[name]());
}
