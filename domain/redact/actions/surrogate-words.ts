import { keyedDraw, type KeyedDraw } from './keyed-draw.js';
import { letterLike, shapeLike } from './shape.js';

// Made of syllables and not drawn from a list of names, so that a surrogate says nothing of sex or
// origin. There are some millions; a test counts how seldom two words share one.
const STARTS =
  'al an ar bal bel bran cal car cor dal dar del dor el en er fal fen gal gar gor hal har hel ' +
  'hol il im jal jor kal kel kor lan lar lin lor mal mar mel mor nal nel nor ol or pal pel per ' +
  'ral ren ros sal sel sor tal tar tel tor ul val var vel vor wil yar yel zan zor';
const MIDDLES =
  'a ba be bi da de di do e fa fi ga ge go i ka ki la le li lo ma me mi mo na ne ni no o ra re ri ' +
  'ro sa si ta te ti to';
const ENDS: Readonly<Record<'name' | 'place', string>> = {
  name:
    'bar bek born brin by dan den der don dor fax gan gard gen gor han ken kin kor land len lin lor ' +
    'low man mar mond more nak nar nel ner nor quist rad ran rell ren rick ron sen son stad tan ten ' +
    'tor vald van vin wen',
  place:
    'berg borg brook burg burn by chester combe cot dale den dorf fell field ford gate grad grove ' +
    'ham haven heim hill holm hurst keep land leigh ley mark mere minster more mouth ness port ridge ' +
    'rock shaw side stad stead stow thorpe ton vale ville wall water well wick wood worth yard',
};
const LISTS = {
  starts: STARTS.split(' '),
  middles: MIDDLES.split(' '),
  name: ENDS.name.split(' '),
  place: ENDS.place.split(' '),
};

export type WordKind = 'person' | 'organization' | 'place';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Words of a name that tell what kind of thing it is, not which one: they stay. */
const KEPT: Readonly<Record<WordKind, ReadonlySet<string>>> = {
  person: words('dr prof mr mrs ms mx sir dame jr sr phd md'),
  organization: words(
    'inc llc ltd gmbh ag corp corporation co company sa plc bv nv kg university hospital clinic bank ' +
      'institute college school group the',
  ),
  place: words(
    'street st avenue ave road rd boulevard blvd lane ln drive dr court ct place pl square sq way ' +
      'terrace highway hwy parkway apt apartment suite ste unit floor box po strasse straße rue',
  ),
};
/** These only where they are written small. */
const PARTICLES = words(
  'de del della der den di da du van von zu zur la le el bin bint ibn of the and und et for at in',
);

const TOKEN = /\p{L}[\p{L}\p{M}]*|\p{N}+/gu;
const IS_LATIN = /^[\p{Script=Latin}\p{M}]+$/u;

/** As a text writes it: `DOE`, `doe` or `Doe`. */
function casedLike(word: string, model: string): string {
  if (model === model.toLowerCase()) return word;
  if (model.length > 1 && model === model.toUpperCase()) return word.toUpperCase();
  return word.charAt(0).toUpperCase() + word.slice(1);
}

export interface WordOptions {
  readonly key: Uint8Array;
  readonly kind: WordKind;
  /** Words that the record holds by themselves, in lower case: `Does` after `Doe` keeps its s. */
  readonly known: ReadonlySet<string>;
}

function invent(draw: KeyedDraw, kind: WordKind): string {
  const ends = kind === 'place' ? LISTS.place : LISTS.name;
  const middles = draw.below(2) === 0 ? [LISTS.middles] : [LISTS.middles, LISTS.middles];
  return [LISTS.starts, ...middles, ends].map((list) => draw.pick(list)).join('');
}

const MAX_ATTEMPTS = 32;

/** Drawn until it is another one than `word`; one letter where none comes, never the word itself. */
function another(word: string, key: Uint8Array, make: (draw: KeyedDraw) => string): string {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const made = make(keyedDraw(key, `word ${String(attempt)}`, word));
    if (made !== word) return made;
  }
  return word === 'x' ? 'y' : 'x';
}

function surrogateWord(word: string, { key, kind, known }: WordOptions): string {
  const lower = word.normalize('NFKC').toLowerCase();
  if (!IS_LATIN.test(lower)) return another(lower, key, (draw) => shapeLike(lower, draw));
  if (lower.length < 3) {
    const letters = another(lower, key, (draw) =>
      [...lower.replace(/\p{M}/gu, '')].map((letter) => letterLike(letter, draw)).join(''),
    );
    return casedLike(letters, word);
  }
  const plural = lower.endsWith('s') && !known.has(lower) && known.has(lower.slice(0, -1));
  const stem = plural ? lower.slice(0, -1) : lower;
  return casedLike(another(stem, key, (draw) => invent(draw, kind)) + (plural ? 's' : ''), word);
}

/**
 * Each word of a name replaced by one that depends on the word alone, so that `Doe` has the same
 * surrogate in `John Doe`, `J. DOE` and `doe@…`; particles, titles and legal forms stay, and so does
 * what stands between the words.
 */
export function surrogateWords(value: string, options: WordOptions): string {
  return value.replace(TOKEN, (token, at: number) => {
    if (/^\p{N}/u.test(token)) {
      return another(token, options.key, (draw) => shapeLike(token, draw));
    }
    const isPossessive = token === 's' && /['’]$/.test(value.slice(0, at));
    const stays = PARTICLES.has(token) || KEPT[options.kind].has(token.toLowerCase());
    if (isPossessive || stays) return token;
    return surrogateWord(token, options);
  });
}
