import type { LabelPattern } from '../types.js';

/** What a pattern says beside its labels and its value. */
type Rest = Omit<LabelPattern, 'name' | 'labels' | 'value'>;

/** Of a script that puts no spaces between words: a word may follow the label, and the value, at once. */
export const isUnspaced = (label: string): boolean => /[\u2e80-\ud7ff]/.test(label);

/** As {@link besideLabel} for those labels and values of ASCII. */
export function besideUnspaced(
  labels: readonly string[],
  value: string,
  rest: Rest,
  name: string,
): readonly LabelPattern[] {
  // `8 characters` is no value.
  const counts = String.raw`\d{1,40} ?(?:\p{Script=Han}|文字|자|글자)`;
  const whole = new RegExp(String.raw`(?!${counts})(?:${value})(?![A-Za-z\d]|_[A-Za-z\d])`, 'iuy');
  return [{ name, labels: labels.filter(isUnspaced), value: whole, ...rest }];
}

/**
 * A value that its label gives away, in prose, JSON, logs, a table or a form: `Member ID: X1`,
 * `"memberId":"X1"`, `X1 is my member ID`.
 * @param labels in lower case; a form written in one word, with `_` or in camel case is found as well
 * @param value regular expression source of the value
 */
export function besideLabel(
  labels: readonly string[],
  value: string,
  rest: Rest,
  name = 'beside-label',
): readonly LabelPattern[] {
  const whole = new RegExp(String.raw`(?:${value})(?![\p{L}\p{N}]|_[\p{L}\p{N}])`, 'iuy');
  return [{ name, labels, value: whole, ...rest }];
}
