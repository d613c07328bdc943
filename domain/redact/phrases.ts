/** Closes a label: `number`, `no.`, `ID`. */
export const KINDS: readonly string[] = [
  'numbers',
  'number',
  'no',
  'num',
  'nr',
  'id',
  'code',
  'ref',
];

/** The same and longer ones, and of other languages. */
export const KIND_WORDS: readonly string[] = [
  ...KINDS,
  'nbr',
  'identifier',
  'reference',
  'nummer',
  'número',
  'numero',
  'numéro',
  'ids',
  'nos',
];

/** A phrase's regular expression source: its words apart by a space, also one that does not break, `_` or `-`, or not at all. */
export const phraseSource = (phrase: string): string =>
  phrase
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(' ', '[ \u00a0_-]?')
    .replaceAll('/', '[/_-]');

/** The words that the writings of a phrase begin with, in lower case: `member id`, `memberIdNumber`. */
export function spellings(phrase: string): readonly string[] {
  const letters = phrase.toLowerCase().replace(/[^\p{L}\p{M}]/gu, '');
  return [phrase, letters, ...KINDS.map((kind) => letters + kind)];
}

/** The same of a label, which may stand in the plural: `policies` is none, `accounts` is one. */
export const labelSpellings = (label: string): readonly string[] => [
  ...spellings(label),
  `${label}s`,
];
