export { compareDatasets } from './compare.js';
export { readFigures } from './read-figures.js';
