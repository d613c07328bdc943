import { RegExpParser, type AST } from '@eslint-community/regexpp';

/** Units from the beginning of a match on that are told. */
export const DEPTH = 12;
/** Stand for all units from 128 on, and for the end of the text. */
export const [OTHER, END, SYMBOLS] = [128, 129, 130];
/** Beginnings that are told apart; of a pattern with more some are told as one. */
const MOST_BEGINNINGS = 64;

/** Which symbols may stand at each of the first places of a match: a set of bits a place. */
export type FirstUnits = Int32Array;

type Elements = readonly AST.Element[];
type Taken = AST.Character | AST.CharacterSet | AST.CharacterClass;

const WORDS = Math.ceil(SYMBOLS / 32);
/** The place that stands for all behind the last. */
const BEYOND = 1 << DEPTH;
const TOLD = BEYOND - 1;

const parser = new RegExpParser();
const anything = new Int32Array(WORDS).fill(-1);
const known = new Map<string, Int32Array>();

export const mayStand = (units: FirstUnits, place: number, symbol: number): boolean =>
  ((units[place * WORDS + (symbol >> 5)] ?? 0) & (1 << (symbol & 31))) !== 0;

/** Whether it may take a unit from 128 on; `k` and `s` have a second capital letter there. */
function mayBeOther(node: AST.CharacterClassElement | Taken, flags: string): boolean {
  const folds = flags.includes('i') && flags.includes('u');
  if (node.type === 'Character')
    return node.value >= OTHER || (folds && /[ks]/i.test(String.fromCodePoint(node.value)));
  if (node.type === 'CharacterClassRange') return node.max.value >= OTHER || folds;
  if (node.type === 'CharacterClass' && !node.negate) {
    return node.elements.some((element) => mayBeOther(element, flags));
  }
  const isAscii = node.type === 'CharacterSet' && (node.kind === 'digit' || node.kind === 'word');
  return !(isAscii && !node.negate && !folds);
}

/** What a character or class takes, asked of the engine for each unit below 128. */
function symbolsOf(node: Taken, flags: string): Int32Array {
  const key = `${flags}/${node.raw}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const regex = new RegExp(node.raw, flags);
  const symbols = new Int32Array(WORDS);
  for (let symbol = 0; symbol <= OTHER; symbol += 1) {
    const takes =
      symbol < OTHER ? regex.test(String.fromCharCode(symbol)) : mayBeOther(node, flags);
    if (takes) symbols[symbol >> 5] = (symbols[symbol >> 5] ?? 0) | (1 << (symbol & 31));
  }
  known.set(key, symbols);
  return symbols;
}

function mark(symbols: Int32Array, places: number, units: FirstUnits): void {
  for (let place = 0; place < DEPTH; place += 1) {
    if ((places & (1 << place)) === 0) continue;
    for (let word = 0; word < WORDS; word += 1) {
      const at = place * WORDS + word;
      units[at] = (units[at] ?? 0) | (symbols[word] ?? 0);
    }
  }
}

/** Places behind one unit more. */
const next = (places: number): number => ((places << 1) | (places & BEYOND)) & (TOLD | BEYOND);

/** Anything may stand at the places and behind them. */
function markRest(places: number, units: FirstUnits): number {
  let rest = places;
  for (let at = places; (at & TOLD) !== 0; at = next(at)) rest |= next(at);
  mark(anything, rest, units);
  return rest;
}

/** Marks what a repetition takes; returns the places behind it. */
function walkRepeat(
  { min, max, element }: AST.Quantifier,
  places: number,
  flags: string,
  units: FirstUnits,
): number {
  let [at, behind] = [places, min === 0 ? places : 0];
  for (let count = 1; count <= max && (at & TOLD) !== 0; count += 1) {
    at = walkOne(element, at, flags, units);
    if (count < min) continue;
    // Places that it was walked from before lead to nothing new.
    at &= ~behind | BEYOND;
    behind |= at;
  }
  return at === BEYOND ? behind | BEYOND : behind;
}

/** Marks what an element takes from the places on; returns the places behind it, a bit each. */
function walkOne(element: AST.Element, places: number, flags: string, units: FirstUnits): number {
  if ((places & TOLD) === 0) return places;
  switch (element.type) {
    case 'Assertion':
      return places;
    case 'Group':
    case 'CapturingGroup':
      return element.alternatives
        .map(({ elements }) => walk(elements, places, flags, units))
        .reduce((any, some) => any | some, 0);
    case 'Quantifier':
      return walkRepeat(element, places, flags, units);
    case 'Character':
    case 'CharacterSet':
    case 'CharacterClass':
      mark(symbolsOf(element, flags), places, units);
      return next(places);
    default:
      return markRest(places, units);
  }
}

const walk = (elements: Elements, places: number, flags: string, units: FirstUnits): number =>
  elements.reduce((at, element) => walkOne(element, at, flags, units), places);

/** The ways in which a sequence may begin: each alternative, with and without what may be left out. */
function beginnings(elements: Elements, most: number): Elements[] {
  const at = elements.findIndex(({ type }) => type !== 'Assertion');
  const first = elements[at];
  const rest = elements.slice(at + 1);
  const isOptional = first?.type === 'Quantifier' && first.min === 0 && first.max === 1;
  const inner = isOptional ? first.element : first;
  if (inner?.type !== 'Group' && inner?.type !== 'CapturingGroup') return [elements];
  const options: Elements[] = inner.alternatives.map((own) => [...own.elements, ...rest]);
  if (isOptional) options.push(rest);
  if (options.length > most) return [elements];
  const each = Math.floor(most / options.length);
  return options.flatMap((option) => beginnings(option, each));
}

/**
 * What may stand at the first places of a match, for each way in which it may begin: where a text has
 * something else, no match begins. It says nothing of what stands around a match. A unit of a surrogate
 * pair is one place here, while to a pattern with the flag `u` the pair is one character.
 */
export function firstUnits({ source, flags }: RegExp): FirstUnits[] {
  const own = flags.replace(/[gy]/g, '');
  const { alternatives } = parser.parsePattern(source, undefined, undefined, {
    unicode: flags.includes('u'),
  });
  const most = Math.max(1, Math.floor(MOST_BEGINNINGS / alternatives.length));
  return alternatives
    .flatMap(({ elements }) => beginnings(elements, most))
    .map((elements) => {
      const units = new Int32Array(DEPTH * WORDS);
      markRest(walk(elements, 1, own, units), units);
      return units;
    });
}
