import type { DoctorCheck } from '../infra/local/index.js';

export interface BackendChoice {
  readonly backend: string;
  readonly reason: string;
}

/** Backends that "auto" tries first, fastest first, and the package that each stands on. */
const NATIVE = [
  ['tfjs-node-gpu', '@tensorflow/tfjs-node-gpu'],
  ['tfjs-node', '@tensorflow/tfjs-node'],
] as const;

/** The backend that "auto" means here, and why it is no faster one. */
export function describeBackend(
  checks: readonly Pick<DoctorCheck, 'name' | 'ok' | 'detail'>[],
): BackendChoice {
  const why: string[] = [];
  for (const [backend, packageName] of NATIVE) {
    const found = checks.find(({ name }) => name === packageName);
    if (found?.ok === true) return { backend, reason: [...why, 'native TensorFlow'].join('; ') };
    why.push(`${backend} is not used: ${packageName} ${found?.detail ?? 'was not looked for'}`);
  }
  return { backend: 'wasm+onnxruntime', reason: [...why, 'it needs npm packages only'].join('; ') };
}
