import type { Pattern } from '../types.js';
import { KINDS, phraseSource, spellings } from '../phrases.js';

/** `number`, `no.`, `#` after a label. */
const KIND = String.raw`(?:[ _.-]{0,2}(?:${KINDS.join('|')}|identifier|reference|#)(?![a-z])\.?)?`;
/** `that we have on file`, `for this customer`. */
const CLAUSE = String.raw`(?: (?:that|which|you|we|i|they|he|she|on|for|from)(?: [\p{Ll}'’]{1,12}){1,4}(?= (?:is|was) ))?`;
/** Words that stand between a label and its value and say nothing of their own. */
const FILLERS =
  'is was of to as now still set reads changed from entered given provided recorded value val new old answer a(?=:)'.split(
    ' ',
  );
const TAG = String.raw`\/?[a-z][a-z\d]{0,11}>`;
const REMARK = String.raw`[\p{L} ]{1,16}[)\]]`;
/**
 * One piece of what may stand there: a tag, a remark in brackets, a filler, space, quotes, signs, one
 * line break, dots that lead on. No end of a sentence, no sign of money, no comma in prose. No text is
 * both one piece and several, or the search would try every way of cutting it.
 */
const PIECE = [
  `<(?:${TAG}|(?!${TAG}))`,
  String.raw`[([](?:${REMARK}|(?!${REMARK}))`,
  String.raw`(?<![\p{L}\p{N}])(?:${FILLERS.join('|')})(?![\p{L}\p{N}])`,
  String.raw`[ \t"'’‘“”\x60*)\]{}>|:=#→–—/\\?-]`,
  String.raw`\r?\n(?![ \t]{0,8}\r?\n)`,
  String.raw`\.{3,60}(?!\.)|…`,
  String.raw`[,;](?=[^ \t\d"']|\d[^\s,;]{0,40}(?![^,;\s]))|, ?(?=["'])|, (?=[^\s,"'][^\s,]{1,39}, )`,
].join('|');

/** Source of what stands between a label and its value. */
export const LINK = `${CLAUSE}(?:${PIECE}){0,24}`;

const alternatives = (labels: readonly string[]): string =>
  [...labels]
    .sort((a, b) => b.length - a.length)
    .map(phraseSource)
    .join('|');

/**
 * A value after its label, in prose, JSON, logs, a table or a form: `Member ID: X1`, `"memberId":"X1"`.
 * @param labels in lower case; a form written in one word, or with `_`, is found as well
 * @param value regular expression source of the value
 * @param between source of what may stand between the label and its value
 * @param link source of what joins them
 */
export function labelled(labels: readonly string[], value: string, between = '', link = LINK) {
  const regexOf = (some: readonly string[]): RegExp =>
    new RegExp(
      String.raw`(?<![\p{L}\p{N}])(?:${alternatives(some)})${KIND}${between}${link}(?<![\p{L}\p{N}])(?<value>${value})(?![\p{L}\p{N}_])`,
      'giu',
    );
  return {
    regex: regexOf(labels),
    regexOf,
    anchor: labels.flatMap(spellings),
    labels,
  };
}

/** `as the`, `is my new`, `is still the right`. */
const OWNED = String.raw`["'’”\x60)]{0,2} (?:(?:as|is|was|for) )?(?:still )?(?:the|my|your|his|her|our|their|its)(?: (?:right|correct|new|old|current|wrong))? `;

/**
 * A value before its label: `they gave X1 as the member ID`.
 * @param value begins with a number, or with up to six letters and a separator before one
 */
export function beforeLabel(labels: readonly string[], value: string) {
  return {
    regex: new RegExp(
      String.raw`(?<![\p{L}\p{N}_.-])(?:${value})(?=${OWNED}(?:${alternatives(labels)})(?![\p{L}\p{N}]))`,
      'giu',
    ),
    anchor: 'number',
    near: labels,
  } as const;
}

/** A value on either side of its label. */
export function besideLabel(
  labels: readonly string[],
  value: string,
  scores: Pick<Pattern, 'score' | 'passedScore'>,
  between = '',
): readonly Pattern[] {
  return [
    { name: 'after-cue', ...labelled(labels, value, between), ...scores },
    { name: 'before-cue', ...beforeLabel(labels, value), ...scores },
  ];
}
