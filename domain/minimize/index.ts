export { HELD, type HeldLimits } from './banded-rows.js';
export * from './errors.js';
export { decisionsById, filterShard } from './filter-shard.js';
export { planMinimization } from './plan.js';
export {
  countOfFacts,
  decodeBands,
  decodeFacts,
  decodeSignatures,
  encodeBands,
  encodeFacts,
  encodeSignatures,
} from './sketch-format.js';
export type { Scratch, SketchSource } from './sketch-source.js';
export { sketchShard } from './sketch.js';
