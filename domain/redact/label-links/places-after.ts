import type { Label } from './find-labels.js';
import { COPULA, FILLER, linkKinds, NO_VALUE, OTHER_LABEL } from './link-words.js';

/** Where a label's value may begin. */
export interface Place {
  readonly at: number;
  /** Words stand between that tell something of their own. */
  readonly far: boolean;
  /** A sign as `:` or `=` and nothing but quotes or brackets stand between, or it is a cell of its own. */
  readonly signed: boolean;
  /** A verb such as `is`, or a sign, stands right before it. */
  readonly copula: boolean;
  /** The end of the cell that it has to fill. */
  readonly until?: number;
}

/** Units behind a label in which its value may begin. */
export const MOST_PLACES = 160;
const [MOST_WORDS, MOST_WORDS_OF_COMMON] = [16, 5];
const MOST_BREAKS = 3;
/** Units before a label that are looked at. */
const MOST_LEAD = 90;
const MOST_INDENT = 12;

/** `which`, `can I have your`: what follows is asked for. */
const QUESTION =
  /(?:^|[^\p{L}])(?:what(?:['’]?s)?|which|(?:can|could|may|do) (?:i|you|we)|(?:need|confirm|give me|send me|tell me|repeat|spell)(?: (?:the|your|their|his|her))?)(?: [^\n.!?:;]{0,40})?$/iu;
/** Of markup: `<Field id="passport" required="true">`. */
const IN_TAG = /<[\p{L}][^<>\n]{0,80}$/u;
/** The label is an attribute's name, and the value the attribute's. */
const ATTRIBUTE = / ?= ?["']/y;
/** Unless the value is an attribute as well. */
const TAG_END = /(?:(?!(?:value|content)=)[^<>\n]){0,120}>/iy;
const SKIPPED = /[ \t_\u00a0"'“”‘’\x60*]+/y;
const BREAK = /\r?\n[ \t>]*/y;
const TAG = /<\/?[a-z][\w:.-]{0,30}(?: [^<>]{0,80})?\/?>/iy;
const LEADERS = /\.{2,80}|(?: ?\. ){2,40}|…+/y;
/** The next sentence speaks of the label: `. It says`. */
const PRONOUN = /[.!]{1,3} (?:(?:it|this|that)(?= (?:says|is|reads|was|shows) )|it['’]?s(?= ))/iy;
/** The time of a line of a chat or a log. */
const STAMP = /[[(]?\d{1,2}:\d\d(?::\d\d)?[\])]?[ \t]/y;
const MONEY = /[$€£¥] ?\d/y;
/** `, X1,`. */
const APPOSITION = /^, [^\s,"'][^\s,]{1,39}(?: [^\s,]{1,12}){0,3}, /;
/** `(required):`. */
const REMARK = /[([][\p{L} ,'’-]{1,60}[)\]](?=[*"'\x60]{0,3}\s?[:=])/uy;
const SIGN = /[:=→>：＝]/;
/** `is` of Chinese, Japanese and Korean, which stands at its word. */
const PARTICLE = /(?:は|が|是|为|為|는|은|이|가)(?=[ \u3000"'“「『]{0,3}[!-~])/y;
/** As {@link wordEnd} has it for ASCII. */
const WORD = /[\p{L}\p{N}@](?:[\p{L}\p{M}\p{N}_@]|[.'’/\\&+-](?=[\p{L}\p{N}]))*/uy;

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** The state of a walk from a label to its value. */
interface Walk {
  readonly text: string;
  readonly strong: boolean;
  /** The label begins its line. */
  readonly heads: boolean;
  readonly places: Place[];
  at: number;
  words: number;
  digits: number;
  breaks: number;
  ends: number;
  signed: boolean;
  copula: boolean;
  asked: boolean;
  /** What stands before the label: a question for it ends with its line, sign or not. */
  readonly before: string;
}

const isFar = ({ words, ends, asked }: Walk): boolean => words > 0 || ends > 0 || asked;

/** A question waits for its answer, whatever it asks for. */
const waits = ({ strong, asked }: Walk): boolean => strong || asked;

/** What follows is the answer, and has a length of its own. */
function ask(walk: Walk): void {
  walk.asked = true;
  walk.words = 0;
}

function push(walk: Walk): void {
  const { at, copula, strong, breaks } = walk;
  const far = isFar(walk);
  if (far && !waits(walk) && !copula) return;
  walk.places.push({
    at,
    far,
    signed: walk.signed && !far && (strong || breaks === 0),
    copula: copula || walk.asked,
  });
}

/** Takes a word; false where the walk ends at it. */
function takeWord(walk: Walk, word: string): boolean {
  const kinds = linkKinds(word.toLowerCase());
  if (/\d/.test(word)) {
    push(walk);
    walk.digits += 1;
    if (word.replace(/\D/g, '').length > 3 || walk.digits > 1) return false;
    walk.words += 1;
  } else {
    if ((kinds & OTHER_LABEL) !== 0) return false;
    if ((kinds & NO_VALUE) === 0) push(walk);
    if ((kinds & FILLER) === 0 && word.length > 1) walk.words += 1;
  }
  walk.copula = (kinds & COPULA) !== 0 || (walk.copula && (kinds & FILLER) !== 0);
  walk.at += word.length;
  return walk.words <= (waits(walk) ? MOST_WORDS : MOST_WORDS_OF_COMMON);
}

/** Takes a line break; false where none may stand there. */
function takeBreak(walk: Walk, end: number, oneLine: boolean): boolean {
  walk.breaks += 1;
  walk.at = end;
  // What stands before the label is the same at each break.
  if (walk.breaks === 1 && !walk.asked && QUESTION.test(walk.before)) ask(walk);
  if (oneLine) return false;
  if (isFar(walk)) return waits(walk) && walk.breaks <= (walk.asked ? 2 : 1);
  return walk.breaks <= (waits(walk) || walk.heads ? MOST_BREAKS : 1);
}

/** Takes a mark; false where the walk ends at it. */
function takeMark(walk: Walk, mark: string): boolean {
  const next = walk.text.charAt(walk.at + 1);
  const ends = /^\s?$/.test(next);
  if (SIGN.test(mark) && !isFar(walk) && walk.breaks === 0) walk.signed = true;
  if (SIGN.test(mark)) walk.copula = true;
  if (mark === '?') ask(walk);
  else if ((mark === '.' || mark === '!' || mark === ';') && ends) {
    walk.ends += 1;
    if (!waits(walk) || walk.ends > 1) return false;
  } else if (mark === ',' && next === ' ' && !/["'“]/.test(walk.text.charAt(walk.at + 2))) {
    const apart = !APPOSITION.test(walk.text.slice(walk.at, walk.at + 60));
    if (apart && !waits(walk)) return false;
    if (apart && !walk.asked) walk.words += 1;
  } else if (!SIGN.test(mark)) push(walk);
  walk.at += mark.length;
  return true;
}

/** What a unit may begin that is no word: most begin nothing, and expressions are slow to say so. */
const opens = (units: string): ReadonlySet<number> =>
  new Set([...units].map((char) => char.charCodeAt(0)));
const [OPENS_TAG, OPENS_REMARK, OPENS_BREAK] = [opens('<'), opens('(['), opens('\r\n')];
const [OPENS_DOTS, OPENS_MONEY] = [opens('.!…'), opens('$€£¥')];

const skipFrom = (from: ReadonlySet<number>, pattern: RegExp, text: string, at: number): number =>
  from.has(text.charCodeAt(at)) ? skip(pattern, text, at) : at;

/** Spaces, quotes, remarks, tags, line breaks, dots, money: what is no word and no other mark. */
function skipNoWord(walk: Walk, oneLine: boolean): boolean | undefined {
  const { text, at } = walk;
  const spaced = text.charCodeAt(at) === SPACE && isAsciiWord(text.charCodeAt(at + 1));
  const behind = skipFrom(OPENS_TAG, TAG, text, spaced ? at + 1 : skip(SKIPPED, text, at));
  walk.at = skipFrom(OPENS_REMARK, REMARK, text, behind);
  if (walk.at > at) return true;
  const lineEnd = skipFrom(OPENS_BREAK, BREAK, text, at);
  if (lineEnd > at) return takeBreak(walk, skip(STAMP, text, lineEnd), oneLine);
  walk.at = skipFrom(OPENS_DOTS, LEADERS, text, at);
  if (!isFar(walk)) walk.at = skipFrom(OPENS_DOTS, PRONOUN, text, walk.at);
  if (walk.at > at) return true;
  return skipFrom(OPENS_MONEY, MONEY, text, at) > at ? false : undefined;
}

/** What an ASCII unit is in a word: a letter, a digit or `@`; `_`, which begins none; a sign within one. */
const [BEGINS, GOES_ON, JOINS] = [1, 2, 3];
const inWord = Uint8Array.from({ length: 128 }, (_, unit) => {
  const char = String.fromCharCode(unit);
  if (/[a-z0-9@]/i.test(char)) return BEGINS;
  return char === '_' ? GOES_ON : ".'/\\&+-".includes(char) ? JOINS : 0;
});
const [SPACE, AT] = [32, 64];

const isAsciiWord = (unit: number): boolean => unit !== AT && inWord[unit] === BEGINS;

/** Where a word that begins at a place ends; the place itself where none does. */
function wordEnd(text: string, at: number): number {
  for (let end = at; ; end += 1) {
    const unit = text.charCodeAt(end);
    const kind = inWord[unit];
    const next = kind === JOINS ? text.charCodeAt(end + 1) : unit;
    if (next >= inWord.length) return skip(WORD, text, at);
    if (kind === BEGINS || (kind === GOES_ON && end > at)) continue;
    if (kind !== JOINS || end === at || !isAsciiWord(next)) return end;
  }
}

/** Spaces and what begins a list stand before the place in its line, or in the units that are looked at. */
function headsLine(before: string): boolean {
  for (let at = before.length - 1; at >= 0 && at >= before.length - MOST_INDENT; at -= 1) {
    const char = before.charAt(at);
    if (char === '\n') return true;
    if (char !== ' ' && !/[\s>*#•–-]/.test(char)) return false;
  }
  return true;
}

function step(walk: Walk, isLabel: (at: number) => boolean, oneLine: boolean): boolean {
  const { text, at } = walk;
  const skipped = isAsciiWord(text.charCodeAt(at)) ? undefined : skipNoWord(walk, oneLine);
  if (skipped !== undefined) return skipped;
  if (isLabel(at)) return false;
  const end = wordEnd(text, at);
  return end === at
    ? takeMark(walk, String.fromCodePoint(text.codePointAt(at) ?? 0))
    : takeWord(walk, text.slice(at, end));
}

/**
 * Where the value of a label may begin behind it, nearest first. Beyond signs, quotes, brackets, tags
 * and fillers a label that names a number (`passport number`) waits over some words of a sentence, one
 * that is a common word (`customer`) only up to `is` or a sign; neither waits beyond another label.
 * @param isLabel whether another label begins at a place
 * @param oneLine the label stands in a line of several cells: its value is not in the next line
 * @param last no value begins behind it
 */
export function placesAfter(
  text: string,
  { start, end, strong }: Label<unknown>,
  isLabel: (at: number) => boolean,
  oneLine: boolean,
  last: number,
): readonly Place[] {
  const before = text.slice(Math.max(0, start - MOST_LEAD), start);
  const inTag = before.includes('<') && IN_TAG.test(before) && skip(ATTRIBUTE, text, end) === end;
  const begin = skip(PARTICLE, text, end);
  const walk: Walk = {
    ...{ text, strong, places: [], at: inTag ? skip(TAG_END, text, end) : begin },
    heads: inTag || headsLine(before),
    ...{ words: 0, digits: 0, breaks: 0, ends: 0 },
    ...{ signed: false, copula: begin > end, asked: false, before },
  };
  const stop = Math.min(text.length, end + MOST_PLACES, last + 1);
  while (walk.at < stop && step(walk, isLabel, oneLine));
  return walk.places;
}
