import { addressParts } from './address-parts.js';
import { applySpans, type ActionOf, type WritingKey } from './actions/write-record.js';
import { compileRecognizers } from './compile-recognizers.js';
import { findRepeats } from './consistency.js';
import { ENTITY_TYPES } from './entity-types.js';
import { RedactError } from './errors.js';
import { findNames } from './find-names.js';
import { fitToJson } from './json-texts.js';
import { labelsOf, withoutLabels } from './labels.js';
import { markRanges } from './mark-ranges.js';
import { RECOGNIZERS } from './recognizers/index.js';
import { placeholderRanges, resolveSpans } from './resolve-spans.js';
import { NAME_TYPES } from './tagger/labels.js';
import { textCache } from './text-cache.js';
import type { NameTagger, TaggedWord } from './tagger/types.js';
import type { EntityType, Profile, Recognizer, Span } from './types.js';

export interface RedactorOptions {
  readonly entities: readonly EntityType[];
  /** Candidates below are not reported. */
  readonly minScore: number;
  /** patterns: recognizers made of patterns only; fast, thorough: names by a tagger as well. */
  readonly profile: Profile;
  /** Beside the built-in ones. */
  readonly recognizers?: readonly Recognizer[];
  /** Reads the texts for names; needed by every profile but `patterns`. */
  readonly tagger?: NameTagger;
  /** What {@link createMatcher} made of the same entities and recognizers; made anew when absent. */
  readonly match?: Matcher;
}

/** What the patterns of a redactor find in a text. It keeps nothing from one text to the next. */
export type Matcher = (text: string) => Span[];

export interface Redactor {
  readonly options: RedactorOptions;
  /** Non-overlapping spans in order; offsets in UTF-16 units. */
  readonly find: (text: string) => Promise<readonly Span[]>;
  /** Spans of each of the texts of one record; a name found in one is found in all. */
  readonly findAll: (texts: readonly string[]) => Promise<(readonly Span[])[]>;
  /**
   * The text with each span written as its type's action says.
   * @param secret what pseudonyms and numbers of a dataset depend on
   * @throws RedactError SPANS_INVALID, KEY_MISSING
   */
  readonly apply: (
    text: string,
    spans: readonly Span[],
    actionOf: ActionOf,
    secret?: WritingKey,
  ) => string;
}

const LABELS = labelsOf(RECOGNIZERS);

const KNOWN: ReadonlySet<string> = new Set(ENTITY_TYPES);

/** @throws RedactError ENTITY_UNKNOWN naming the type and those there are */
export function asEntityType(type: string): EntityType {
  if (KNOWN.has(type)) return type as EntityType;
  throw new RedactError(
    'ENTITY_UNKNOWN',
    `redact.entities names "${type}", which no recognizer finds; there are ${ENTITY_TYPES.join(', ')}`,
  );
}

/** Some megabytes at most. */
const CACHED_TEXTS = 4096;

type Range = Pick<Span, 'start' | 'end'>;

/** True for spans that touch no placeholder of the text. */
function outsidePlaceholders(text: string): (span: Range) => boolean {
  const ranges = placeholderRanges(text);
  if (ranges.length === 0) return () => true;
  const marks = markRanges(text.length, ranges);
  return ({ start, end }) => !marks.subarray(start, end).includes(1);
}

function taggerOf({ profile, tagger }: RedactorOptions): NameTagger | undefined {
  if (profile === 'patterns') return undefined;
  if (tagger !== undefined) return tagger;
  throw new RedactError(
    'TAGGER_MISSING',
    `profile "${profile}" reads names with a model, and none was given; give its tagger or take profile "patterns"`,
  );
}

/**
 * Compiles the recognizers of the wanted types, which takes as long as reading dozens of records: for
 * who makes many redactors of the same options.
 * @throws RedactError ENTITY_UNKNOWN
 */
export function createMatcher({
  entities,
  recognizers = [],
}: Pick<RedactorOptions, 'entities' | 'recognizers'>): Matcher {
  const wanted = new Set(entities.map(asEntityType));
  return compileRecognizers(
    [...RECOGNIZERS, ...recognizers].filter(({ type }) => wanted.has(type)),
  );
}

/** @throws RedactError ENTITY_UNKNOWN, TAGGER_MISSING */
export function createRedactor(options: RedactorOptions): Redactor {
  const wanted = new Set(options.entities.map(asEntityType));
  const match = options.match ?? createMatcher(options);
  const tagger = NAME_TYPES.some((type) => wanted.has(type)) ? taggerOf(options) : undefined;
  const { minScore } = options;
  const firms = wanted.has('ORGANIZATION');

  const candidates = (text: string, words: readonly TaggedWord[]): Span[] => {
    const matched = match(text);
    const named =
      tagger === undefined
        ? []
        : findNames(text, words, { recognizer: tagger.name, minScore, firms });
    const spans = [
      ...matched.filter(({ score }) => score >= minScore),
      ...withoutLabels(text, named, matched, LABELS).filter(({ type }) => wanted.has(type)),
    ];
    const parts = addressParts(text, spans).filter(({ type }) => wanted.has(type));
    return [...spans, ...parts].filter(outsidePlaceholders(text));
  };

  const cache = textCache<Span>(CACHED_TEXTS);

  /** The candidates of each text; a text that was read before, or stands twice, is read once. */
  const candidatesOf = async (texts: readonly string[]): Promise<(readonly Span[])[]> => {
    const entries = texts.map((text) => cache.entry(text));
    const missing = [...new Set(texts.filter((_, at) => entries[at]?.results === undefined))];
    // Without names to read there is nothing to wait for: the next record finds this one's texts.
    const tagged = tagger === undefined ? [] : await tagger.tag(missing);
    const made = new Map(missing.map((text, at) => [text, candidates(text, tagged[at] ?? [])]));
    return texts.map((text, at) => {
      const results = entries[at]?.results ?? made.get(text) ?? [];
      if (made.has(text)) entries[at]?.keep(results);
      return results;
    });
  };

  const findAll = async (texts: readonly string[]): Promise<(readonly Span[])[]> => {
    const found = await candidatesOf(texts);
    const resolved = found.map((spans, at) => resolveSpans(texts[at] ?? '', spans));
    const repeats = findRepeats(texts, resolved);
    return texts.map((text, at) => {
      const repeated = (repeats[at] ?? [])
        .filter(({ score }) => score >= minScore)
        .filter(outsidePlaceholders(text));
      const all = [...(found[at] ?? []), ...repeated];
      const spans = repeated.length === 0 ? resolved[at] : resolveSpans(text, all);
      return fitToJson(text, spans ?? []);
    });
  };

  const find = async (text: string): Promise<readonly Span[]> => (await findAll([text]))[0] ?? [];

  return { options, find, findAll, apply: applySpans };
}
