import type { LabelPattern } from '../types.js';

/** What a pattern says beside its labels and its value. */
type Rest = Omit<LabelPattern, 'name' | 'labels' | 'value'>;

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
