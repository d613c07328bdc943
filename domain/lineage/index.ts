export * from './digest.js';
export * from './errors.js';
export type * from './ports.js';
export * from './step.js';
