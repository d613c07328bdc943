export { CANARY_KINDS, drawCanarySecret, type CanaryKind } from './canary.js';
export { type Domain } from './catalogue.js';
export { isValidIban, isValidLuhn } from './checksums.js';
export { conversationAt } from './dataset.js';
export { corpusDocuments, type CorpusPlan } from './corpus.js';
export { buildSampleFiles, SAMPLE_SEED, type SampleFile, type TruthRow } from './files.js';
export { type Passage, type PlantedSpan } from './passage.js';
export { normalizeValue, poolOf, USES, type Use } from './pools.js';
export { drawAt, drawFrom, type Draw, type WordSource } from './random.js';
