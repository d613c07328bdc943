export * from './errors.js';
export { decisionsById, filterShard } from './filter-shard.js';
export { planMinimization, type MinimizationPlan, type MinimizeOptions } from './plan.js';
export { decodeSketches, encodeSketches } from './sketch-format.js';
export { sketchShard, type SketchOptions, type Sketches } from './sketch.js';
