import * as engine from '../../domain/redact/index.js';
import type { OwnRecognizer } from '../../policies/index.js';
import { openTagger } from './open-tagger.js';

export { ENTITY_TYPES, IDENTIFYING_TYPES, RedactError } from '../../domain/redact/index.js';
export { NameModelError, RedactThreadError } from './errors.js';
export type { PlainOutcome, PlainRecord } from './plain-redactor.js';
export { openRedactPool, type RedactPool, type RedactPoolOptions } from './redact-pool.js';
export type {
  Action,
  ActionOf,
  EntityType,
  Explanation,
  Profile,
  RedactErrorCode,
  Redactor,
  Span,
  NameModel,
  RedactPolicy,
  ValidatorResult,
  WritingKey,
} from '../../domain/redact/index.js';

export type { OwnRecognizer };

/** What a redactor looks for; everything has a default. */
export interface RedactorOptions {
  /** thorough by default, see docs/redaction.md. */
  readonly profile?: engine.Profile;
  /** All that there are by default. */
  readonly entities?: readonly engine.EntityType[];
  /** Candidates with a lower probability are not reported; 0.35 by default. */
  readonly minScore?: number;
  /** Formats of one's own, as a policy writes them; docs/redaction.md. */
  readonly recognizers?: readonly OwnRecognizer[];
  /** A model of names in place of the profile's: a folder, and the digest that it must have. */
  readonly model?: engine.NameModel;
}

const DEFAULTS = {
  profile: 'thorough',
  entities: engine.IDENTIFYING_TYPES,
  minScore: 0.35,
} as const;

/**
 * A redactor with the models that come with Custos, opened once a process.
 * @throws RedactError ENTITY_UNKNOWN, RECOGNIZER_INVALID; NameModelError when the profile's model is missing or altered
 */
export async function createRedactor(options: RedactorOptions = {}): Promise<engine.Redactor> {
  const { recognizers, ...settings } = { ...DEFAULTS, ...options };
  const own = engine.ownRecognizers(recognizers);
  const tagger = await openTagger(settings.profile, settings.model);
  return engine.createRedactor({
    ...settings,
    recognizers: own,
    ...(tagger === undefined ? {} : { tagger }),
  });
}
