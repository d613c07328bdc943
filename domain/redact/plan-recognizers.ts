import { firstUnits, type FirstUnits } from './first-units.js';
import { firstWord, indexLabels, type LabelIndex } from './label-links/find-labels.js';
import type { LabelRule } from './label-links/match-labels.js';
import { needsDigit } from './needs-digit.js';
import { labelSpellings, spellings } from './phrases.js';
import { placeFilter, type PlaceFilter } from './place-filter.js';
import { wordTable, type WordTable } from './scan-text.js';
import type { Anchor, Recognizer, SearchPattern } from './types.js';

export interface Rule {
  readonly recognizer: Recognizer;
  readonly pattern: SearchPattern;
  /** Sticky where the pattern names its anchor, else global. */
  readonly regex: RegExp;
  /** Place in the list of where each rule's last match ended. */
  readonly id: number;
}

/** Rules by what they wait for, so that a text pays only for what it holds. */
export interface Plan {
  readonly rules: number;
  readonly table: WordTable;
  readonly labels: LabelIndex<LabelRule>;
  /** For each word of the table those that begin with it; undefined where none does. */
  readonly atWord: readonly ((() => Tried) | undefined)[];
  readonly atNumber: Tried;
  readonly near: Near;
  readonly atDotted: readonly Rule[];
  readonly atScheme: readonly Rule[];
  readonly around: readonly Around[];
  readonly everywhere: readonly Rule[];
}

/** Words of which one has to be near a match: a bit for each list of them. */
export interface Near {
  /** For each rule the number of its list; -1 where none has to be near. */
  readonly lists: Int32Array;
  /** 32 lists a piece. */
  readonly pieces: number;
  /** The lists that a word of the table stands in, at `id * pieces`. */
  readonly bits: Int32Array;
}

/** A rule with what its matches stand around: a mark or a number, or words by their number. */
export interface Around {
  readonly rule: Rule;
  readonly anchor: Extract<Anchor, { readonly around: unknown }>;
  readonly mark: string | undefined;
  /** 1 at the numbers of the words that it waits for. */
  readonly ids: Uint8Array;
}

/** Rules that are tried at a place, those first left out that cannot match there. */
export interface Tried {
  readonly rules: readonly Rule[];
  readonly filter: PlaceFilter;
}

/** Behind a word few units tell enough. */
const BEHIND_WORD = 4;

const withFlag = ({ source, flags }: RegExp, flag: string): RegExp =>
  new RegExp(source, `${flags.replace('g', '')}${flag}`);

function toRules(recognizers: readonly Recognizer[]): Rule[] {
  let id = 0;
  return recognizers.flatMap((recognizer) =>
    recognizer.patterns.flatMap((pattern) => {
      if ('labels' in pattern) return [];
      const { anchor } = pattern;
      const isPlace = typeof anchor === 'string' || Array.isArray(anchor);
      const regex = withFlag(pattern.regex, isPlace ? 'y' : 'g');
      return [{ recognizer, pattern, regex, id: id++ }];
    }),
  );
}

const beginningsByRule = new WeakMap<Rule, readonly FirstUnits[]>();

function beginningsOf(rule: Rule): readonly FirstUnits[] {
  const beginnings = beginningsByRule.get(rule) ?? firstUnits(rule.regex);
  beginningsByRule.set(rule, beginnings);
  return beginnings;
}

/** For each word of the table the rules that begin with it. */
function byWord({ ids }: WordTable, rules: readonly Rule[]): Plan['atWord'] {
  const lists = Array.from({ length: ids.size }, (): Rule[] => []);
  for (const rule of rules) {
    for (const word of new Set(anchorWords(rule).map(firstWord)))
      lists[ids.get(word) ?? -1]?.push(rule);
  }
  return [...ids].map(([word, id]) => {
    const own = lists[id] ?? [];
    if (own.length === 0) return undefined;
    // Most texts hold few of these words.
    let made: Tried | undefined;
    return () =>
      (made ??= { rules: own, filter: placeFilter(own.map(beginningsOf), word, BEHIND_WORD) });
  });
}

function nearWords({ ids }: WordTable, rules: readonly Rule[]): Near {
  const owners = [...new Set(rules.filter(isContextual).map(({ recognizer }) => recognizer))];
  const pieces = Math.ceil(owners.length / 32);
  const bits = new Int32Array(ids.size * pieces);
  owners.forEach((recognizer, list) => {
    for (const word of contextWords({ recognizer })) {
      const id = ids.get(firstWord(word));
      if (id === undefined) continue;
      const at = id * pieces + (list >> 5);
      bits[at] = (bits[at] ?? 0) | (1 << (list & 31));
    }
  });
  const listOf = (rule: Rule): number =>
    isContextual(rule) ? owners.indexOf(rule.recognizer) : -1;
  return { lists: Int32Array.from(rules, listOf), pieces, bits };
}

function anchorWords({ pattern: { anchor } }: Rule): readonly string[] {
  if (typeof anchor !== 'object') return [];
  if (!('around' in anchor)) return anchor;
  if (typeof anchor.around === 'object') return anchor.around;
  return anchor.around === 'number' ? [] : [anchor.around];
}
/** A word that has to be near, or the rule's match counts for nothing. */
const isContextual = ({ pattern }: Rule): boolean => pattern.needsContext === true;
const contextWords = ({ recognizer: { context } }: Pick<Rule, 'recognizer'>): readonly string[] =>
  (context?.words ?? []).flatMap(spellings);

const toLabelRules = (recognizers: readonly Recognizer[]): readonly LabelRule[] =>
  recognizers.flatMap((recognizer) =>
    recognizer.patterns.flatMap((pattern) =>
      'labels' in pattern
        ? [
            {
              recognizer,
              pattern,
              labels: pattern.labels,
              value: pattern.value,
              numeric: needsDigit(pattern.value),
            },
          ]
        : [],
    ),
  );

function toAround(rule: Rule, table: WordTable): Around[] {
  const { anchor } = rule.pattern;
  if (typeof anchor !== 'object' || !('around' in anchor)) return [];
  const { around } = anchor;
  const ids = new Uint8Array(table.ids.size);
  const isMark = typeof around === 'string' && (around === 'number' || !/\p{L}/u.test(around));
  if (isMark) return [{ rule, anchor, mark: around, ids }];
  for (const word of [around].flat()) ids[table.ids.get(word) ?? -1] = 1;
  return [{ rule, anchor, mark: undefined, ids }];
}

/** What a scan of a text needs to know of the recognizers, made once. */
export function planRecognizers(recognizers: readonly Recognizer[]): Plan {
  const rules = toRules(recognizers);
  const numbers = rules.filter(({ pattern }) => pattern.anchor === 'number');
  const contextual = numbers.filter(isContextual);
  const words = rules.filter(({ pattern }) => Array.isArray(pattern.anchor));
  const labelled = toLabelRules(recognizers);
  const table = wordTable(
    [
      ...rules.flatMap(anchorWords),
      ...contextual.flatMap(contextWords),
      ...labelled.flatMap(({ labels }) => labels.flatMap(labelSpellings)),
    ]
      .map(firstWord)
      .filter((word) => word !== ''),
  );
  return {
    rules: rules.length,
    table,
    labels: indexLabels(labelled, table),
    atWord: byWord(table, words),
    atNumber: {
      rules: numbers,
      filter: placeFilter(numbers.map(beginningsOf), ''),
    },
    near: nearWords(table, rules),
    around: rules.flatMap((rule) => toAround(rule, table)),
    atDotted: rules.filter(({ pattern }) => pattern.anchor === 'dotted'),
    atScheme: rules.filter(({ pattern }) => pattern.anchor === 'scheme'),
    everywhere: rules.filter(({ pattern }) => pattern.anchor === undefined),
  };
}
