export { openTagger } from './open-tagger.js';
