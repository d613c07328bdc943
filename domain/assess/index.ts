export { assessModel, type ModelFile, type ModelFiles } from './assess-model.js';
export { AssessError } from './errors.js';
