export { compareDatasets, type DatasetFigures } from './compare.js';
export { readFigures } from './read-figures.js';
