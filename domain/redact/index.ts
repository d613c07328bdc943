export type { ActionOf, WritingKey } from './actions/write-record.js';
export { asEntityType, createRedactor, type Matcher, type Redactor } from './create-redactor.js';
export { ENTITY_TYPES, IDENTIFYING_TYPES } from './entity-types.js';
export { codePointOffsets } from './offsets.js';
export { ownRecognizers } from './own-recognizers.js';
export { RedactError, type RedactErrorCode } from './errors.js';
export {
  createPolicyMatcher,
  createRecordRedactor,
  needsDatasetKey,
  type RedactedRecord,
} from './redact-record.js';
export type {
  Action,
  EntityType,
  Explanation,
  NameModel,
  Profile,
  RedactPolicy,
  Span,
  ValidatorResult,
} from './types.js';
export { PROFILES } from './types.js';
export { createNameTagger } from './tagger/name-tagger.js';
export { isGateSize } from './tagger/gate.js';
export { LABEL_COUNT } from './tagger/labels.js';
export type { Frame, NameTagger, TokenClassifier } from './tagger/types.js';
export { wordPieces } from './tagger/word-piece.js';
