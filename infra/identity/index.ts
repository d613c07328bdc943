export { DEMO_PEOPLE, ensureDemoIdentities, unlockDemoIdentity } from './demo.js';
export { IdentityError, type IdentityErrorCode } from './errors.js';
export {
  createIdentity,
  trustedKeys,
  unlockIdentity,
  type NewIdentity,
  type PersonRole,
  type UnlockedIdentity,
} from './identity.js';
