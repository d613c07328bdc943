// The JavaScript side of text.py: words, subwords, case classes and windows. Offsets are UTF-16 units.

export const LABELS = ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC', 'B-ORG', 'I-ORG'];
export const MAX_SUBWORDS = 126;
const MAX_WORD_CHARS = 100;
const [CLS, SEP, UNK] = [101, 102, 100];
const [DROP, SPACE, ALONE, WORD, UNSEEN] = [0, 1, 2, 3, 255];

const kinds = new Uint8Array(0x110000).fill(UNSEEN);

function classify(cp) {
  const c = String.fromCodePoint(cp);
  if (cp === 9 || cp === 10 || cp === 13 || /\p{Z}/u.test(c)) return SPACE;
  if (cp === 0 || cp === 0xfffd || /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u.test(c)) return DROP;
  if (/[!-/:-@[-`{-~]|\p{P}/u.test(c)) return ALONE;
  return /[\u4E00-\u9FFF\u3400-\u4DBF\u{20000}-\u{2A6DF}\u{2A700}-\u{2CEAF}\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/u.test(
    c,
  )
    ? ALONE
    : WORD;
}

function charKind(cp) {
  const kind = kinds[cp];
  return kind === UNSEEN ? (kinds[cp] = classify(cp)) : kind;
}

/** Case class of a word, 7 (title at start) being told from 1 by the caller's `atStart`. */
function caseClass(word, alone) {
  if (alone && !/^\p{L}/u.test(word)) return 6;
  if (/\p{Nd}/u.test(word)) return 5;
  let cased = 0;
  let upper = 0;
  let firstUpper = false;
  for (const c of word) {
    const low = c.toLowerCase();
    if (low === c.toUpperCase()) continue;
    cased += 1;
    if (low !== c) {
      upper += 1;
      if (cased === 1) firstUpper = true;
    }
  }
  if (upper === 0) return 0;
  if (cased === 1) return 3;
  if (upper === cased) return 2;
  return upper === 1 && firstUpper ? 1 : 4;
}

const ENDS = new Set('.!?:;•');
const QUOTES = new Set('"\'“”‘’()[]-*#>_');

export class WordPiece {
  /** @param {string} vocabText one subword a line, the line number being its id */
  constructor(vocabText) {
    this.vocab = new Map(
      vocabText
        .trimEnd()
        .split('\n')
        .map((piece, id) => [piece, id]),
    );
    this.cache = new Map();
  }

  /** Subword ids and case class (before the sentence-start rule) of a word as written. */
  look(word, alone) {
    let entry = this.cache.get(word);
    if (entry === undefined) {
      entry = { ids: this.split(word), kind: caseClass(word, alone) };
      if (this.cache.size > 200_000) this.cache.clear();
      this.cache.set(word, entry);
    }
    return entry;
  }

  split(word) {
    const text = word
      .normalize('NFD')
      .replace(/[\p{Mn}\p{Cc}\p{Cf}\p{Co}\p{Cs}\uFFFD]/gu, '')
      .toLowerCase();
    const chars = [...text];
    if (chars.length === 0) return [];
    if (chars.length > MAX_WORD_CHARS) return [UNK];
    const out = [];
    for (let at = 0; at < chars.length;) {
      let end = chars.length;
      let id;
      while (
        end > at &&
        (id = this.vocab.get((at ? '##' : '') + chars.slice(at, end).join(''))) === undefined
      )
        end -= 1;
      if (end === at) return [UNK];
      out.push(id);
      at = end;
    }
    return out;
  }

  /** @returns {{start: number, end: number, ids: number[], kind: number, line: number, stop: boolean}[]} */
  words(text) {
    const words = [];
    let start = -1;
    let line = 0;
    let atStart = true;
    const close = (end, alone) => {
      if (start < 0) return;
      const word = text.slice(start, end);
      const { ids, kind } = this.look(word, alone);
      if (ids.length > 0) {
        words.push({
          start,
          end,
          ids,
          kind: kind === 1 && atStart ? 7 : kind,
          line,
          stop: word === '.' || word === '!' || word === '?',
        });
        atStart = false;
      }
      start = -1;
    };
    for (let i = 0; i < text.length;) {
      const cp = text.codePointAt(i);
      const width = cp > 0xffff ? 2 : 1;
      const kind = charKind(cp);
      if (kind === WORD) {
        if (start < 0) start = i;
      } else if (kind !== DROP) {
        close(i, false);
        if (kind === ALONE) {
          const before = atStart;
          const c = text.slice(i, i + width);
          start = i;
          close(i + width, true);
          atStart = ENDS.has(c) || (QUOTES.has(c) && before);
        } else if (cp === 10) {
          line += 1;
          atStart = true;
        }
      }
      i += width;
    }
    close(text.length, false);
    return words;
  }
}

const sizeOf = (word) => Math.min(word.ids.length, MAX_SUBWORDS);

/** Windows [from, to) of at most 126 subwords: whole lines packed greedily, a longer line cut after its last sentence end. */
export function windows(words) {
  const out = [];
  let start = 0;
  let size = 0;
  let good = 0;
  words.forEach((word, i) => {
    const n = sizeOf(word);
    if (size + n > MAX_SUBWORDS) {
      const cut = good > start ? good : i;
      out.push([start, cut]);
      start = cut;
      size = 0;
      for (let k = start; k < i; k += 1) size += sizeOf(words[k]);
      good = 0;
    }
    size += n;
    if (i + 1 === words.length || words[i + 1].line !== word.line || word.stop) good = i + 1;
  });
  if (start < words.length) out.push([start, words.length]);
  return out;
}

/** Subword ids and case classes of a window with [CLS] and [SEP], and the place of each word's first subword. */
export function encode(words, from, to) {
  const ids = [CLS];
  const cases = [0];
  const firsts = [];
  for (let i = from; i < to; i += 1) {
    firsts.push(ids.length);
    for (let k = 0; k < sizeOf(words[i]); k += 1) {
      ids.push(words[i].ids[k]);
      cases.push(words[i].kind);
    }
  }
  ids.push(SEP);
  cases.push(0);
  return { ids, cases, firsts };
}

const NEVER = -1e9;

/** Index of the largest value. */
function argmax(values) {
  let best = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i] > values[best]) best = i;
  return best;
}

/** One Viterbi step: each label's best predecessor; I-X (even ids) may only follow B-X or I-X. */
function step(score, row) {
  const best = argmax(score);
  const links = row.map((_, i) => {
    if (i === 0 || i % 2 === 1) return best;
    return score[i - 1] >= score[i] ? i - 1 : i;
  });
  return { links, score: row.map((x, i) => score[links[i]] + x) };
}

/** The best label id a word of one line among well-formed sequences; rows: one array of seven logits a word. */
function bestOfLine(rows) {
  let score = rows[0].map((x, i) => (i === 0 || i % 2 === 1 ? x : NEVER));
  const back = rows.slice(1).map((row) => {
    const next = step(score, row);
    score = next.score;
    return next.links;
  });
  const path = [argmax(score)];
  for (const links of back.reverse()) path.push(links[path.at(-1)]);
  return path.reverse();
}

/** Best labels of all words, line by line: no span crosses a line break. */
export function bestLabels(words, rows) {
  const out = [];
  for (let from = 0; from < words.length;) {
    let to = from + 1;
    while (to < words.length && words[to].line === words[from].line) to += 1;
    out.push(...bestOfLine(rows.slice(from, to)));
    from = to;
  }
  return out;
}

/** Spans {start, end, type} from well-formed label ids, one a word. */
export function spansOf(words, labels) {
  const out = [];
  words.forEach((word, i) => {
    const label = labels[i];
    if (label === 0) return;
    if (label % 2 === 0) out[out.length - 1].end = word.end;
    else out.push({ start: word.start, end: word.end, type: LABELS[label].slice(2) });
  });
  return out;
}
