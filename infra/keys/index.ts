export { openLocalKeyService } from './local-key-service.js';
export { openSecretFile, readSecretFile } from './secret-file.js';
export { keyIdOf, openLocalSigner, trustedKeyOf } from './local-signer.js';
