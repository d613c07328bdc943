/** Between a label and its value: closing quotes or brackets, a word of being, a sign. */
const LINK = String.raw`["')\]]{0,2}[ \t]{0,2}(?:[:=#(-]|is|was|of|on file is)?[ \t#"'(]{0,3}`;
const KIND = String.raw`(?:[ _.-]{0,2}(?:numbers?|no|num|nr|id|code|identifier|ref(?:erence)?|#)(?![a-z])\.?)?`;

/** Words of a phrase stand apart by a space, `_` or `-`, or not at all, as in `memberId`. */
const asSource = (phrase: string): string =>
  phrase.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '[ _-]?');

/**
 * A value after its label, in prose, JSON, logs or a form: `Member ID: X1`, `"memberId":"X1"`.
 * @param labels in lower case; a form written in one word is found as well
 * @param between source of what may stand between the label and its value
 * @param value regular expression source of the value
 */
export function labelled(labels: readonly string[], value: string, between = '') {
  const longestFirst = [...labels].sort((a, b) => b.length - a.length);
  const cue = `(?:${longestFirst.map(asSource).join('|')})`;
  return {
    regex: new RegExp(
      String.raw`(?<![\p{L}\p{N}])${cue}${KIND}${between}${LINK}(?<value>${value})(?![\p{L}\p{N}_])`,
      'giu',
    ),
    anchor: labels.flatMap((label) => [
      label,
      label.replace(/[^\p{L}]/gu, ''),
      ...['number', 'no', 'num', 'nr', 'id', 'code', 'ref'].map(
        (kind) => `${label.replace(/[^\p{L}]/gu, '')}${kind}`,
      ),
    ]),
  };
}
