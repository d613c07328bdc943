export { findNative, type NativeName } from './place.js';
export { setupTensorflow } from './setup.js';
