export { collectGarbage, withGarbageLease, type Collection } from './collect.js';
export { assertHoldable } from './holdable.js';
export { FRESH_MS } from '../object-store/index.js';
export {
  holdRefusal,
  listHolds,
  recordHold,
  type Hold,
  type HoldRecord,
  type HoldTarget,
} from './holds.js';
export type { Dangling } from './follow.js';
export type { Leftovers } from '../object-store/index.js';
export { planGarbage, type GarbagePlan, type GarbageDeps } from './plan.js';
export type { OpenWork } from './roots.js';
