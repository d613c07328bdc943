/**
 * How a word is written, for a model whose vocabulary has no case: the ids are those that the model
 * was trained with, given as `token_type_ids`.
 */
export const CASE = {
  lower: 0,
  title: 1,
  caps: 2,
  singleCapital: 3,
  mixed: 4,
  digit: 5,
  punctuation: 6,
  titleAtStart: 7,
} as const;

/** Case class of a word by itself; `titleAtStart` is told from `title` by its place. */
export function caseClass(word: string, alone: boolean): number {
  if (alone && !/^\p{L}/u.test(word)) return CASE.punctuation;
  if (/\p{Nd}/u.test(word)) return CASE.digit;
  let [cased, upper] = [0, 0];
  let firstUpper = false;
  for (const char of word) {
    const lower = char.toLowerCase();
    if (lower === char.toUpperCase()) continue;
    cased += 1;
    if (lower === char) continue;
    upper += 1;
    if (cased === 1) firstUpper = true;
  }
  if (upper === 0) return CASE.lower;
  if (cased === 1) return CASE.singleCapital;
  if (upper === cased) return CASE.caps;
  return upper === 1 && firstUpper ? CASE.title : CASE.mixed;
}
