export {
  checkRole,
  rolesFor,
  checkSignature,
  isApprovalFresh,
  MAX_CLOCK_SKEW_MS,
  type AccessCode,
  type AccessRefusal,
  type Action,
  type Role,
  type SignedAct,
} from './access.js';
export {
  kindOf,
  needsKey,
  settingsOf,
  type ActionName,
  type ActionSettings,
  type EntityAction,
  type EntityKind,
} from './entity-actions.js';
export { diffPolicies, stepsToRunAgain, type PolicyDifference } from './diff.js';
export { PolicyError, type PolicyErrorCode, type PolicyProblem } from './errors.js';
export { parsePolicyText, type ParsedPolicy } from './parse.js';
export { policyPart, type PolicyPart, type PolicyPointer } from './policy-part.js';
export {
  approvalValidUntil,
  decideGate,
  isDecisionValid,
  NOT_WAIVED,
  type ReleaseFigures,
} from './release-gate.js';
export { passesLuhn } from './luhn.js';
export { findFormatFaults, takesValue, type OwnRecognizer } from './own-recognizers.js';
export { policyChain, resolvePolicy } from './resolve.js';
export { SEARCH_ATTRIBUTES, type RunVerdict } from './search-attributes.js';
export {
  FAN_OUTS,
  ITEM,
  STAGES,
  STEPS,
  type FanOut,
  type FanOutId,
  type StageId,
  type StepId,
  type StepKind,
  type StepSpec,
  type TaskQueue,
} from './steps.js';
