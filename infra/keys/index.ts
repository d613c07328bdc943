export { openLocalKeyService } from './local-key-service.js';
export { keyIdOf, openLocalSigner, trustedKeyOf } from './local-signer.js';
