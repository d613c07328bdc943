import { applySpans, type ActionOf } from './apply-spans.js';
import { findRepeats } from './consistency.js';
import { ENTITY_TYPES } from './entity-types.js';
import { RedactError } from './errors.js';
import { findNames } from './find-names.js';
import { markRanges } from './mark-ranges.js';
import { matchRecognizer } from './match-recognizer.js';
import { RECOGNIZERS } from './recognizers/index.js';
import { placeholderRanges, resolveSpans } from './resolve-spans.js';
import type { EntityType, Profile, Span } from './types.js';

export interface RedactorOptions {
  readonly entities: readonly EntityType[];
  /** Candidates below are not reported. */
  readonly minScore: number;
  /** patterns: recognizers made of patterns only; standard: names by compromise as well. */
  readonly profile: Profile;
}

export interface Redactor {
  readonly options: RedactorOptions;
  /** Candidates before overlaps are resolved and before the threshold; offsets in UTF-16 units. */
  readonly candidates: (text: string) => Span[];
  /** Non-overlapping spans in order. */
  readonly find: (text: string) => Span[];
  /** Spans of each of the texts of one record; a name found in one is found in all. */
  readonly findAll: (texts: readonly string[]) => Span[][];
  /** @throws RedactError SPANS_INVALID */
  readonly apply: (text: string, spans: readonly Span[], actionOf: ActionOf) => string;
}

const KNOWN: ReadonlySet<string> = new Set(ENTITY_TYPES);

/** @throws RedactError ENTITY_UNKNOWN naming the type and those there are */
export function asEntityType(type: string): EntityType {
  if (KNOWN.has(type)) return type as EntityType;
  throw new RedactError(
    'ENTITY_UNKNOWN',
    `redact.entities names "${type}", which no recognizer finds; there are ${ENTITY_TYPES.join(', ')}`,
  );
}

type Range = Pick<Span, 'start' | 'end'>;

/** True for spans that touch no placeholder of the text. */
function outsidePlaceholders(text: string): (span: Range) => boolean {
  const marks = markRanges(text.length, placeholderRanges(text));
  return ({ start, end }) => !marks.subarray(start, end).includes(1);
}

/** @throws RedactError ENTITY_UNKNOWN */
export function createRedactor(options: RedactorOptions): Redactor {
  const wanted = new Set(options.entities.map(asEntityType));
  const recognizers = RECOGNIZERS.filter(({ type }) => wanted.has(type));
  const names = options.profile === 'standard';

  const candidates = (text: string): Span[] => {
    const found = [
      ...recognizers.flatMap((recognizer) => matchRecognizer(recognizer, text)),
      ...(names ? findNames(text).filter(({ type }) => wanted.has(type)) : []),
    ];
    return found.filter(outsidePlaceholders(text));
  };

  const findAll = (texts: readonly string[]): Span[][] => {
    const sure = (spans: readonly Span[]): Span[] =>
      spans.filter(({ score }) => score >= options.minScore);
    const found = texts.map((text) => sure(candidates(text)));
    const repeats = findRepeats(
      texts,
      found.map((spans, at) => resolveSpans(texts[at] ?? '', spans)),
    );
    return texts.map((text, at) => {
      const repeated = sure(repeats[at] ?? []).filter(outsidePlaceholders(text));
      return resolveSpans(text, [...(found[at] ?? []), ...repeated]);
    });
  };

  const find = (text: string): Span[] => findAll([text])[0] ?? [];

  return { options, candidates, find, findAll, apply: applySpans };
}
