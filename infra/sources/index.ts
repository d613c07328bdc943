export { fingerprintDirectory } from './files.js';
export { isS3, sourceS3Options } from './s3-place.js';
export { openSourceStore } from './source-store.js';
