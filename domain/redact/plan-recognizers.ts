import { firstWord, indexLabels, type LabelIndex } from './label-links/find-labels.js';
import type { LabelRule } from './label-links/match-labels.js';
import { labelSpellings, spellings } from './phrases.js';
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
  readonly atWord: readonly (readonly Rule[])[];
  readonly atNumber: readonly Union[];
  /** Tried at a number that has one of the rule's context words near. */
  readonly nearWord: readonly (readonly Rule[])[];
  readonly atDotted: readonly Rule[];
  readonly atScheme: readonly Rule[];
  readonly around: readonly Around[];
  readonly everywhere: readonly Rule[];
}

/** A rule with what its matches stand around: a mark or a number, or words by their number. */
export interface Around {
  readonly rule: Rule;
  readonly anchor: Extract<Anchor, { readonly around: unknown }>;
  readonly mark: string | undefined;
  /** 1 at the numbers of the words that it waits for. */
  readonly ids: Uint8Array;
}

/** One expression says for a place whether any of several rules matches there. */
export interface Union {
  readonly any: RegExp;
  readonly rules: readonly Rule[];
}

const MOST_OPTIONS = 12;

const withFlag = ({ source, flags }: RegExp, flag: string): RegExp =>
  new RegExp(source, `${flags.replace('g', '')}${flag}`);

/** Group names may not repeat, and their values do not matter for whether anything matches. */
const asOption = ({ source }: RegExp): string => `(?:${source.replace(/\(\?<\w+>/g, '(?:')})`;

function unite(rules: readonly Rule[]): Union[] {
  const flags = [...new Set(rules.map(({ regex }) => regex.flags))];
  return flags.flatMap((own) => {
    const alike = rules.filter(({ regex }) => regex.flags === own);
    return Array.from({ length: Math.ceil(alike.length / MOST_OPTIONS) }, (_, part) => {
      const some = alike.slice(part * MOST_OPTIONS, (part + 1) * MOST_OPTIONS);
      const any = new RegExp(some.map(({ regex }) => asOption(regex)).join('|'), own);
      return { any, rules: some };
    });
  });
}

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

/** For each word of the table the rules that name it. */
function byWord(
  { ids }: WordTable,
  rules: readonly Rule[],
  wordsOf: (rule: Rule) => readonly string[],
): Rule[][] {
  const lists = Array.from({ length: ids.size }, (): Rule[] => []);
  for (const rule of rules) {
    for (const word of new Set(wordsOf(rule).map(firstWord))) {
      const id = ids.get(word);
      if (id !== undefined) lists[id]?.push(rule);
    }
  }
  return lists;
}

function anchorWords({ pattern: { anchor } }: Rule): readonly string[] {
  if (typeof anchor !== 'object') return [];
  if (!('around' in anchor)) return anchor;
  if (typeof anchor.around === 'object') return anchor.around;
  return anchor.around === 'number' ? [] : [anchor.around];
}
/** A word that has to be near, or the rule's match counts for nothing. */
const isContextual = ({ pattern }: Rule): boolean => pattern.needsContext === true;
const contextWords = ({ recognizer: { context } }: Rule): readonly string[] =>
  (context?.words ?? []).flatMap(spellings);

const toLabelRules = (recognizers: readonly Recognizer[]): readonly LabelRule[] =>
  recognizers.flatMap((recognizer) =>
    recognizer.patterns.flatMap((pattern) =>
      'labels' in pattern
        ? [{ recognizer, pattern, labels: pattern.labels, value: pattern.value }]
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
    atWord: byWord(table, words, anchorWords),
    atNumber: unite(numbers.filter((rule) => !isContextual(rule))),
    nearWord: byWord(table, contextual, contextWords),
    around: rules.flatMap((rule) => toAround(rule, table)),
    atDotted: rules.filter(({ pattern }) => pattern.anchor === 'dotted'),
    atScheme: rules.filter(({ pattern }) => pattern.anchor === 'scheme'),
    everywhere: rules.filter(({ pattern }) => pattern.anchor === undefined),
  };
}
