export { codeVersion, environmentFacts } from './code-version.js';
export { openStores, type Stores } from './stores.js';
export { createModelCache } from './model-cache.js';
