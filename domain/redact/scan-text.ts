/** Kinds of a UTF-16 unit, one bit each. */
const [LETTER, DIGIT, MARK] = [1, 2, 4];

const MARKS = '@:.-([{–—$€£¥₹\\';
/** Many times the words there are, so that most words of a text meet a free slot at once. */
const SLOTS = 1 << 16;

const kinds = new Uint8Array(65_536);
/** Letters in lower case; 0 for what is none, so that one look tells both. */
const letters = new Uint16Array(65_536);
for (let unit = 0; unit < 65_536; unit += 1) {
  const char = String.fromCharCode(unit);
  const low = char.toLowerCase();
  if (/[\p{L}\p{M}]/u.test(char)) {
    kinds[unit] = LETTER;
    letters[unit] = low.length === 1 ? low.charCodeAt(0) : unit;
  } else if (/[0-9]/.test(char)) kinds[unit] = DIGIT;
  else if (MARKS.includes(char)) kinds[unit] = MARK;
}

const mix = (hash: number, unit: number): number => (Math.imul(hash, 31) + unit) | 0;

/** Words to look for, in lower case, letters only; each stands for a number. */
export interface WordTable {
  readonly ids: ReadonlyMap<string, number>;
  /** By number. */
  readonly words: readonly string[];
  /** One more than the number of the word in a slot; 0 in a free one, which most words of a text meet at once. */
  readonly taken: Uint16Array;
  /** A bit for each slot that is taken: small enough to be at hand. */
  readonly bits: Int32Array;
}

export function wordTable(list: readonly string[]): WordTable {
  const words = [...new Set(list)];
  const taken = new Uint16Array(SLOTS);
  const bits = new Int32Array(SLOTS / 32);
  words.forEach((word, id) => {
    let hash = 0;
    for (let at = 0; at < word.length; at += 1) hash = mix(hash, word.charCodeAt(at));
    let slot = hash & (SLOTS - 1);
    while (taken[slot] !== 0) slot = (slot + 1) & (SLOTS - 1);
    taken[slot] = id + 1;
    bits[slot >> 5] = (bits[slot >> 5] ?? 0) | (1 << (slot & 31));
  });
  return { ids: new Map(words.map((word, id) => [word, id])), words, taken, bits };
}

function isWord(text: string, start: number, end: number, word: string): boolean {
  if (word.length !== end - start) return false;
  for (let at = 0; at < word.length; at += 1) {
    if (letters[text.charCodeAt(start + at)] !== word.charCodeAt(at)) return false;
  }
  return true;
}

/** The number of the table's word that stands there; -1 for another word. */
function idAt(
  { words, taken }: WordTable,
  hash: number,
  text: string,
  start: number,
  end: number,
): number {
  for (let slot = hash & (SLOTS - 1); ; slot = (slot + 1) & (SLOTS - 1)) {
    const id = (taken[slot] ?? 0) - 1;
    if (id < 0 || isWord(text, start, end, words[id] ?? '')) return id;
  }
}

/** Where something may begin, in order of place; offsets in UTF-16 units. */
export interface Landmarks {
  /** Starts of runs of letters and digits that hold a digit. */
  readonly numbers: number[];
  /** Starts of runs of letters, digits, `-`, `_` and `.` that hold a `.` before a letter or digit. */
  readonly dotted: number[];
  /** Starts of what stands before `://`. */
  readonly schemes: number[];
  /**
   * Places of `@`; of a `:` that another follows with at most four hexadecimal digits between; of a
   * bracket before `at`; of a backslash; of a `-` that another follows after two units; as `—` of a dash that begins a
   * line or a sentence; as `$` of the sign of a currency.
   */
  readonly marks: Readonly<Record<string, number[]>>;
  /** Starts of the table's words, and which. */
  readonly words: number[];
  readonly wordIds: number[];
  /** The same of words in capitalised parts of a word in camel case: `Id` of `userId`. */
  readonly humps: number[];
  readonly humpIds: number[];
}

const [SPACE, AT, COLON, DOT, DASH, SLASH, UNDERSCORE, PLUS] = [32, 64, 58, 46, 45, 47, 95, 43];
const [EN_DASH, EM_DASH, DOLLAR, BACKSLASH] = [8211, 8212, 36, 92];
const MOST_RUN = 300;
/** Where Chinese, Japanese and Korean signs begin. */
const UNSPACED = 0x2e80;
const LONGEST_PART = 8;

const isAlphanumeric = (unit: number): boolean => ((kinds[unit] ?? 0) & (LETTER | DIGIT)) !== 0;

/** Goes back over letters, digits and the given units, not beyond `least`. */
function runStart(text: string, at: number, least: number, joins: readonly number[]): number {
  let start = at;
  while (start > least) {
    const unit = text.charCodeAt(start - 1);
    if (!isAlphanumeric(unit) && !joins.includes(unit)) break;
    start -= 1;
  }
  return start;
}

function takeDot(text: string, at: number, { dotted }: Landmarks, before: number): number {
  if (!isAlphanumeric(text.charCodeAt(at + 1)) || !isAlphanumeric(text.charCodeAt(at - 1))) {
    return before;
  }
  // A run is entered once, where its first dot is.
  const least = Math.max(0, at - MOST_RUN, before);
  const start = runStart(text, at, least, [DASH, UNDERSCORE, DOT]);
  if (before === 0 || start > before) dotted.push(start);
  return at;
}

/** As in an IPv6 or a MAC address. */
function isBeforeColon(text: string, at: number): boolean {
  for (let next = at + 1; next <= at + 5; next += 1) {
    const unit = text.charCodeAt(next);
    if (unit === COLON) return true;
    const isHex = (unit >= 48 && unit <= 57) || ((unit | 32) >= 97 && (unit | 32) <= 102);
    if (!isHex) return false;
  }
  return false;
}

function takeColon(text: string, at: number, { marks, schemes }: Landmarks): void {
  const next = text.charCodeAt(at + 1);
  if (isBeforeColon(text, at)) marks[':']?.push(at);
  if (next === SLASH && text.charCodeAt(at + 2) === SLASH) {
    schemes.push(runStart(text, at, Math.max(0, at - 24), [DASH, DOT, PLUS]));
  }
}

/** `(at)`, `[ at ]`, `{at}`. */
function opensAt(text: string, at: number): boolean {
  for (let next = at + 1; next <= at + 3; next += 1) {
    const unit = text.charCodeAt(next);
    if (unit === 97 || unit === 65) return true;
    if (unit !== 32) return false;
  }
  return false;
}

/** A line or a sentence begins there, up to three spaces before. */
function beginsAt(text: string, at: number): boolean {
  let before = at - 1;
  while (before >= at - 4 && (text.charCodeAt(before) === 32 || text.charCodeAt(before) === 9)) {
    before -= 1;
  }
  return before < 0 || '\n.!?-'.includes(text.charAt(before));
}

function takeDash(text: string, at: number, { marks }: Landmarks): void {
  if (text.charCodeAt(at) === DASH && text.charCodeAt(at + 3) === DASH) marks['-']?.push(at);
  if (beginsAt(text, at)) marks['—']?.push(at);
}

/** Acronyms first, whole: `SSN` of `userSSN` and of `userSSNValue`. A run of capitals is entered once. */
const HUMPS =
  /(?<!\p{Lu})\p{Lu}{2,30}(?=$|\p{Lu}\p{Ll})|(?<=\p{Ll})\p{Lu}\p{Ll}*|(?<=\p{Lu})\p{Lu}\p{Ll}+|^\p{L}\p{Ll}*(?=\p{Lu})/gu;

/** The words of the table among the parts of a word in camel case. */
function takeHumps(
  text: string,
  start: number,
  end: number,
  ids: ReadonlyMap<string, number>,
  { humps, humpIds }: Landmarks,
): void {
  const word = text.slice(start, end);
  if (!/\p{Ll}\p{Lu}|\p{Lu}\p{Lu}\p{Ll}/u.test(word)) return;
  for (const { 0: hump, index } of word.matchAll(HUMPS)) {
    const id = ids.get(hump.toLowerCase());
    if (id === undefined) continue;
    humps.push(start + index);
    humpIds.push(id);
  }
}

const isUnspaced = (unit: number): boolean => unit >= UNSPACED && unit < 0xd800;

/** The words of the table within a run of signs that puts no space between words; the longest first. */
function takeParts(
  text: string,
  from: number,
  end: number,
  table: WordTable,
  words: number[],
  wordIds: number[],
): void {
  for (let start = from; start < end - 1; start += 1) {
    let [hash, longest, longestEnd] = [0, -1, 0];
    const most = Math.min(end, start + LONGEST_PART);
    for (let at = start; at < most; at += 1) {
      hash = mix(hash, letters[text.charCodeAt(at)] ?? 0);
      const id = at > start ? idAt(table, hash, text, start, at + 1) : -1;
      if (id >= 0) [longest, longestEnd] = [id, at + 1];
    }
    if (longest < 0) continue;
    words.push(start);
    wordIds.push(longest);
    start = longestEnd - 1;
  }
}

function takeWord(
  text: string,
  start: number,
  end: number,
  hash: number,
  /** All units of the word, or-ed: below where unspaced signs begin there is none of those. */
  united: number,
  table: WordTable,
  { words, wordIds }: Landmarks,
): void {
  const slot = hash & (SLOTS - 1);
  const isTaken = ((table.bits[slot >> 5] ?? 0) & (1 << (slot & 31))) !== 0;
  const id = isTaken ? idAt(table, hash, text, start, end) : -1;
  if (id >= 0) {
    words.push(start);
    wordIds.push(id);
  } else if (united >= UNSPACED) takeParts(text, start, end, table, words, wordIds);
}

/** One pass over the text: everything that a pattern can begin at or stand around. */
export function scanText(text: string, table: WordTable): Landmarks {
  const found: Landmarks = {
    numbers: [],
    dotted: [],
    schemes: [],
    marks: { '@': [], ':': [], '-': [], '(': [], '—': [], $: [], '\\': [] },
    words: [],
    wordIds: [],
    humps: [],
    humpIds: [],
  };
  let lastDot = 0;
  const { length } = text;
  let [runStart, hasDigit] = [-1, false];
  for (let at = 0; at < length; at += 1) {
    let unit = text.charCodeAt(at);
    let low = letters[unit] ?? 0;
    if (low !== 0) {
      const start = at;
      if (runStart < 0) runStart = at;
      const isCapital = low !== unit;
      let hash = 0;
      let united = 0;
      let capitals = 0;
      do {
        if (low !== unit) capitals += 1;
        hash = mix(hash, low);
        united |= low;
        at += 1;
        unit = at < length ? text.charCodeAt(at) : SPACE;
        low = letters[unit] ?? 0;
      } while (low !== 0);
      takeWord(text, start, at, hash, united, table, found);
      if (capitals > (isCapital ? 1 : 0) && capitals < at - start)
        takeHumps(text, start, at, table.ids, found);
    }
    const kind = kinds[unit] ?? 0;
    if (kind === DIGIT) {
      // Scripts without spaces write a number right behind a word.
      if (runStart < 0 || (!hasDigit && isUnspaced(text.charCodeAt(at - 1)))) runStart = at;
      hasDigit = true;
      continue;
    }
    if (runStart >= 0) {
      if (hasDigit) found.numbers.push(runStart);
      runStart = -1;
      hasDigit = false;
    }
    if (kind !== MARK) continue;
    if (unit === DOT) lastDot = takeDot(text, at, found, lastDot);
    else if (unit === COLON) takeColon(text, at, found);
    else if (unit === AT) found.marks['@']?.push(at);
    else if (unit === BACKSLASH) found.marks['\\']?.push(at);
    else if (unit === DASH || unit === EN_DASH || unit === EM_DASH) takeDash(text, at, found);
    else if (unit === DOLLAR || unit > 127) found.marks['$']?.push(at);
    else if (opensAt(text, at)) found.marks['(']?.push(at);
  }
  if (runStart >= 0 && hasDigit) found.numbers.push(runStart);
  return found;
}
