import type { PlacedTerm, Reading } from './compromise-names.js';
import { isKnownWord } from './lexicon.js';
import { NOT_NAMES } from './name-shapes.js';

const TITLE_CASE = /^[^\p{L}\p{N}]*\p{Lu}(?=.*\p{Ll})[\p{L}\p{M}'’.-]*$/u;
const INITIAL = /^\p{Lu}\.?$/u;
const HONORIFIC =
  /^(?:Drs?|Prof|Professor|Doctor|Mr|Mrs|Ms|Mx|Miss|Mister|Sir|Madam|President|Gov|Governor|Senator|Aunt|Uncle|Captain|Capt|Judge|Nurse|Officer|Reverend|Rev|Minister|Secretary|King|Queen|Prince|Princess|Lord|Lady|Dear|Hi|Hello|Hey|Thanks|Called|From|To|Attn|By|With|Best|Regards)\.?$/i;
/** compromise's tags of capitalised words that name no one: Spanish, Monday, e.g. */
const NOT_NAME_TAGS = [
  'Demonym',
  'Date',
  'Month',
  'WeekDay',
  'Abbreviation',
  'Url',
  'Email',
  'Pronoun',
  'Holiday',
  'Currency',
  'Unit',
  'Expression',
];

/** Terms with nothing but a space between them. */
function areAdjacent(text: string, left: PlacedTerm, right: PlacedTerm): boolean {
  return /^ ?$/.test(text.slice(left.end, right.start)) && !/[.!?,;:'’]$/.test(left.text);
}

function isTitleCase({ text }: PlacedTerm): boolean {
  return TITLE_CASE.test(text);
}

/** A capitalised word that no list of English words has: most likely a name. */
export function isUnknownName(term: PlacedTerm): boolean {
  return (
    isTitleCase(term) &&
    !NOT_NAME_TAGS.some((tag) => term.tags.has(tag)) &&
    !NOT_NAMES.has(term.text.toLowerCase()) &&
    term.text.split('-').some((part) => part.length > 1 && !isKnownWord(part))
  );
}

/** Cuts titles before a person's name, and small words around any name that has capital letters. */
export function trimName(terms: readonly PlacedTerm[]): readonly PlacedTerm[] {
  let from = 0;
  let to = terms.length;
  const capital = ({ text }: PlacedTerm): boolean => /^[^\p{L}]*\p{Lu}/u.test(text);
  if (terms.some(capital)) {
    while (from < to && !isNamePart(terms[from])) from += 1;
    while (to > from && !isNamePart(terms[to - 1])) to -= 1;
  }
  while (to - from > 1 && HONORIFIC.test(terms[from]?.text ?? '')) from += 1;
  return terms.slice(from, to);
}

function isNamePart(term: PlacedTerm | undefined): boolean {
  return (
    term !== undefined &&
    /^[^\p{L}]*(?:\p{Lu}|(?:al|el|bin|ibn|van|von|de|da|di)[- ])/u.test(term.text)
  );
}

const MAX_WORDS = 4;

/** Grows a person's name over unknown capitalised words and initials beside it. */
export function growName(
  text: string,
  terms: readonly PlacedTerm[],
  sentence: readonly PlacedTerm[],
): readonly PlacedTerm[] {
  const [head, tail] = [terms[0], terms.at(-1)];
  if (head === undefined || tail === undefined) return terms;
  let from = sentence.indexOf(head);
  let to = sentence.indexOf(tail);
  if (from < 0 || to < 0) return terms;
  const grows = (near: PlacedTerm | undefined, left: PlacedTerm, right: PlacedTerm): boolean =>
    near !== undefined &&
    (isUnknownName(near) || INITIAL.test(near.text)) &&
    near.text !== 'I' &&
    near.text !== 'A' &&
    areAdjacent(text, left, right);
  for (let next = sentence[to + 1]; to - from < MAX_WORDS; next = sentence[to + 1]) {
    const last = sentence[to];
    if (last === undefined || next === undefined || !grows(next, last, next)) break;
    to += 1;
  }
  for (let before = sentence[from - 1]; to - from < MAX_WORDS; before = sentence[from - 1]) {
    const first = sentence[from];
    if (first === undefined || before === undefined || !grows(before, before, first)) break;
    from -= 1;
  }
  return sentence.slice(from, to + 1);
}

/** Words in a row, and the one that follows them in their sentence. */
export interface Run {
  readonly terms: readonly PlacedTerm[];
  readonly next: PlacedTerm | undefined;
}

/** Runs of capitalised words with at least one that no list has, outside what is taken. */
export function unknownRuns(
  text: string,
  { sentences }: Pick<Reading, 'sentences'>,
  taken: (term: PlacedTerm) => boolean,
): Run[] {
  return sentences.flatMap((sentence) => {
    const runs: Run[] = [];
    let open: PlacedTerm[] = [];
    const close = (next: PlacedTerm | undefined): void => {
      if (open.some(isUnknownName)) runs.push({ terms: open, next });
      open = [];
    };
    for (const term of sentence) {
      const last = open.at(-1);
      const fits = isTitleCase(term) && !taken(term) && term.text !== 'I';
      if (!fits || (last !== undefined && !areAdjacent(text, last, term))) close(term);
      if (fits) open.push(term);
    }
    close(undefined);
    return runs;
  });
}
