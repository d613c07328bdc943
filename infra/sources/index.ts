export { fingerprintDirectory, fingerprintFile, openSource } from './files.js';
