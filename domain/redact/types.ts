import type { EntityAction } from '../../policies/index.js';
import type { Policy } from '../../schemas/index.js';
import type { ENTITY_TYPES } from './entity-types.js';

export type EntityType = (typeof ENTITY_TYPES)[number];
export type RedactPolicy = Policy['redact'];
export type Action = EntityAction;
export type Profile = RedactPolicy['profile'];
/** From the fastest to the one that finds most. */
export const PROFILES: readonly Profile[] = ['patterns', 'fast', 'thorough'];

/** A model of names in a folder of the machine that runs it. */
export interface NameModel {
  readonly folder: string;
  /** Over its files: `sha256:<hex>`; unpinned where there is none. */
  readonly digest?: string;
}

/** none: there is no validator; passed: checksum, range or structure hold; unconfirmed: possible. */
export type ValidatorResult = 'none' | 'passed' | 'unconfirmed';

/** Why a span was reported, told without the value: only names and words of the recognizer itself. */
export interface Explanation {
  readonly pattern: string;
  readonly validator: ValidatorResult;
  readonly context: readonly string[];
}

/** Found personal data. Offsets are UTF-16 units, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly type: EntityType;
  /** Prior probability that the span is what `type` says, measured per pattern. */
  readonly score: number;
  readonly recognizer: string;
  readonly explanation: Explanation;
  /** A bare number of a JSON document: its placeholder needs quotes to keep it one. */
  readonly quoted?: true;
  /** Holds escapes of a JSON string: what stands for it is escaped as well. */
  readonly escaped?: true;
}

export type Pattern = SearchPattern | LabelPattern;

interface Scored {
  readonly name: string;
  readonly score: number;
  /** Score when the validator passes; `score` stands when it cannot confirm. */
  readonly passedScore?: number;
  /** Only with a context word near; for shapes that are mostly something else. */
  readonly needsContext?: boolean;
}

/** A value that is known by its label: behind it, before it, or below it in a table. */
export interface LabelPattern extends Scored {
  /** In lower case; those written in one word, with `_` or in camel case are found as well. */
  readonly labels: readonly string[];
  /** Flags `iu` and `y`: tried where a value may begin; bounded as those of searches. */
  readonly value: RegExp;
  /**
   * For what any word may be. sign: only behind a sign such as `:`, or in a column of its own; verb:
   * where other words stand between, only right behind a sign or a verb such as `is`, or in an answer;
   * link: only there, whether words stand between or not.
   */
  readonly needs?: 'sign' | 'verb' | 'link';
  /** Where other words stand between it and its label; a little below `score` where it is not said. */
  readonly farScore?: number;
}

export interface SearchPattern extends Scored {
  /**
   * Flags `g` and as needed `i`, `u`. Linear by construction: bounded quantifiers, no nested
   * quantifier whose parts can match the same text in two ways, a look-behind that lets a run of
   * value characters start only once. Group `value`, when there is one, is the end of the match,
   * so that a cue before it is not part of the span. Group `lead`, in a look-behind that ends where the match
   * begins, is the beginning of the value: `Main Lane ` before the number that the pattern waits for.
   */
  readonly regex: RegExp;
  /** Where its matches begin or stand; without one the whole text is searched, which is slow. */
  readonly anchor?: Anchor;
  /** No flags `g` or `y`; a text in which it finds nothing is not searched. */
  readonly requires?: RegExp;
}

/**
 * Where matches begin. number: at a run of letters and digits that holds a digit, or at a `+`, `-`,
 * `(` or some letters before one; dotted: at a run of letters, digits, `-` and `.` that holds a `.`; scheme: at what
 * stands before `://`; words, in lower case: at one of them. Or where they stand: around a mark, a
 * number or one of several words, beginning at most `before` units before it and ending at most `after` behind.
 */
export type Anchor =
  | 'number'
  | 'dotted'
  | 'scheme'
  | readonly string[]
  | {
      readonly around: string | readonly string[];
      readonly before: number;
      readonly after: number;
    };
export interface ContextWords {
  /** Lower-case words or phrases, matched whole. */
  readonly words: readonly string[];
  /** Added to the score once when any is near. */
  readonly boost: number;
  /** Words that tell of something else (an order number); taken off the score once. */
  readonly against?: readonly string[];
  readonly penalty?: number;
  readonly charsBefore?: number;
  /** Units before the span in which a word tells against it; as `charsBefore` where it is not said. */
  readonly againstBefore?: number;
  readonly charsAfter?: number;
}

/** A recognizer is data: one small file in recognizers/, and its line in recognizers/index.ts. */
export interface Recognizer {
  readonly name: string;
  readonly type: EntityType;
  readonly patterns: readonly Pattern[];
  /** Shortens a match to the value, for instance by trailing punctuation; returns a prefix. */
  readonly trim?: (value: string) => string;
  readonly validate?: (value: string) => 'passed' | 'unconfirmed' | 'failed';
  readonly context?: ContextWords;
  /** Each text with the exact values to find in it. */
  readonly matches: readonly (readonly [text: string, ...values: string[]])[];
  /** Texts in which this recognizer finds nothing. */
  readonly rejects: readonly string[];
}
