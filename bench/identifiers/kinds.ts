import type { Draw } from './draw.js';
import type { EntityType } from '../../domain/redact/index.js';

/** One form of identifier of an entity type. */
export interface Kind {
  readonly type: EntityType;
  /** What a person writes before the value, in lower case. */
  readonly cues: readonly string[];
  /** A well-formed value as somebody writes it. */
  readonly value: (draw: Draw) => string;
  /** A reader knows it for what it is without a cue. */
  readonly bare?: true;
  /** Letter case means nothing in it. */
  readonly anyCase?: true;
  /** Sentences of its own, `§` where the value stands, in place of the common ones. */
  readonly sentences?: readonly string[];
}

/** What looks like a type and is something else: texts, other identifiers marked `[[TYPE|value]]`. */
export type HardNegatives = Readonly<
  Partial<Record<EntityType, readonly ((draw: Draw) => string)[]>>
>;

export const mark = (type: EntityType, value: string): string => `[[${type}|${value}]]`;
