export { DEMO_PEOPLE, ensureDemoIdentities, unlockDemoIdentity } from './demo.js';
export { createIdentity, trustedKeys, unlockIdentity, type UnlockedIdentity } from './identity.js';
