export const BACKENDS = ['tfjs-node-gpu', 'tfjs-node', 'wasm+onnxruntime', 'wasm', 'cpu'] as const;
export type BackendName = (typeof BACKENDS)[number];
