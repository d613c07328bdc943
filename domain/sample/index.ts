export { corpusDocuments } from './corpus.js';
export { buildSampleFiles, SAMPLE_SEED } from './files.js';
export { drawAt } from './random.js';
