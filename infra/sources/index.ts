export { SourceError, type SourceErrorCode } from './errors.js';
export { fingerprintDirectory, fingerprintFile, openSource, type FileDigest } from './files.js';
