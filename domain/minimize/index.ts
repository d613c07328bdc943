export * from './errors.js';
export { decisionsById, filterShard } from './filter-shard.js';
export { planMinimization, type MinimizeOptions } from './plan.js';
export { decodeSketches, encodeSketches } from './sketch-format.js';
export { sketchShard } from './sketch.js';
