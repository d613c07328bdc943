export { DEMO_PEOPLE, ensureDemoIdentities, unlockDemoIdentity } from './demo.js';
export { IdentityError } from './errors.js';
export { createIdentity, trustedKeys, unlockIdentity, type UnlockedIdentity } from './identity.js';
