export { assessModel, type ModelFile } from './assess-model.js';
