export { VaultFileError } from './errors.js';
export { openTagger } from './open-tagger.js';
export type { PlainOutcome } from './plain-redactor.js';
export { openRedactPool, type RedactPool } from './redact-pool.js';
export { createVaultSealer, openVaultFrames } from './vault-file.js';
