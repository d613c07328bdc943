import type { TaggedWord } from '../tagger/types.js';

/** Before a name and no part of it, in lower case and without a full stop. */
const TITLES: ReadonlySet<string> = new Set(
  (
    'mx mister mdm herr frau hr mevrouw meneer mijnheer dhr madame mme mlle monsieur señor señora señorita ' +
    'sra srta senhor senhora signor signora dott ing avv adv cst ofc pc pcso det insp constable supervisor chairperson ' +
    'sehr geehrte geehrter geehrten geboren verheiratet mit seit'
  ).split(' '),
);

/** English titles stay with a name, as the corpora have it that the models learned from. */
const ENGLISH_TITLES = 'mr mrs ms miss sir dr drs prof sgt sergeant cpl lt col rev';

/** Behind a name: what somebody is by law or learning. */
const CREDENTIALS: ReadonlySet<string> = new Set(
  'md phd dds rn lpn np lcsw lmft bsc msc mba llb llm esq dob'.split(' '),
);

/** What a model takes for a name at times, and nobody is called: `Thu`, `Sunday` and `Er` are names. */
const NEVER_NAMES: ReadonlySet<string> = new Set(
  (
    'neither freundlichen freundliche grüßen grüße gruß cordialement bonjour atentamente saludos groeten ' +
    `vriendelijke warmly sincerely regards tues wed thurs fri gp icu ent ${ENGLISH_TITLES}`
  ).split(' '),
);

const normal = (word: string): string => word.toLowerCase();
const isMark = (word: string): boolean => !/[\p{L}\p{N}]/u.test(word);

/**
 * The words of a name without titles before and credentials behind it; none where nothing is left, or
 * one letter that no full stop follows (`lift B`). A place keeps its words: `MD` is one.
 */
export function withoutTitles(
  text: string,
  words: readonly TaggedWord[],
  isPlace: boolean,
): readonly TaggedWord[] {
  const written = words.map(({ start, end }) => normal(text.slice(start, end)));
  const isBefore = (word: string): boolean => TITLES.has(word) || isMark(word);
  const isBehind = (word: string): boolean => (!isPlace && CREDENTIALS.has(word)) || isMark(word);
  const isNone = (word: string): boolean =>
    isBefore(word) || isBehind(word) || NEVER_NAMES.has(word);
  if (written.every(isNone)) return [];
  if (written.length === 1 && /^[a-z]$/.test(written[0] ?? '') && text[words[0]?.end ?? 0] !== '.')
    return [];
  if (isPlace) return words;
  const titles = written.findIndex((word) => !isBefore(word));
  const from = written.slice(0, titles).some((word) => TITLES.has(word)) ? titles : 0;
  const last = written.findLastIndex((word) => !isBehind(word));
  const to = written.slice(last + 1).some((word) => CREDENTIALS.has(word))
    ? last + 1
    : words.length;
  return words.slice(from, to);
}
