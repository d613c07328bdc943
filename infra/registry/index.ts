export { openRegistry, type Registry } from './registry.js';
