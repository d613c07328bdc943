export { openLocalKeyService } from './local-key-service.js';
export { keyIdOf, openLocalSigner, trustedKeyOf, type LocalKeyUse } from './local-signer.js';
