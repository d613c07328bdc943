import { CASE, caseClass } from './case-class.js';
import { CHAR, charKind } from './char-kinds.js';
import type { Word } from './types.js';

const MAX_CACHED_WORDS = 200_000;

const SENTENCE_ENDS: ReadonlySet<string> = new Set('.!?:;•');
/** After these a sentence's start is still a start. */
const OPENERS: ReadonlySet<string> = new Set('"\'“”‘’()[]-*#>_');
const STOPS: ReadonlySet<string> = new Set('.!?');

type Pieces = Pick<Word, 'ids' | 'kind'>;

/** BERT's pre-tokenization into words, with exact offsets, their subwords and a case class each. */
export class WordReader {
  private readonly known = new Map<string, Pieces>();

  /** @param subwords of a word by itself; none where it has nothing to read */
  constructor(private readonly subwords: (word: string) => readonly number[]) {}

  /** The words of a text that have subwords, in order. */
  words(text: string): Word[] {
    const words: Word[] = [];
    let [start, line, atStart] = [-1, 0, true];
    const close = (end: number, alone: boolean): void => {
      if (start < 0) return;
      const word = text.slice(start, end);
      const { ids, kind: written } = this.piecesOf(word, alone);
      if (ids.length > 0) {
        const kind = written === CASE.title && atStart ? CASE.titleAtStart : written;
        words.push({ start, end, ids, kind, line, stop: STOPS.has(word) });
        atStart = false;
      }
      start = -1;
    };
    for (let at = 0; at < text.length;) {
      const codePoint = text.codePointAt(at) ?? 0;
      const next = at + (codePoint > 0xffff ? 2 : 1);
      const kind = charKind(codePoint);
      if (kind === CHAR.word) {
        if (start < 0) start = at;
      } else if (kind !== CHAR.drop) {
        close(at, false);
        if (kind === CHAR.alone) {
          const before = atStart;
          const char = text.slice(at, next);
          start = at;
          close(next, true);
          atStart = SENTENCE_ENDS.has(char) || (OPENERS.has(char) && before);
        } else if (codePoint === 10) {
          line += 1;
          atStart = true;
        }
      }
      at = next;
    }
    close(text.length, false);
    return words;
  }

  private piecesOf(word: string, alone: boolean): Pieces {
    const before = this.known.get(word);
    if (before !== undefined) return before;
    const pieces = { ids: this.subwords(word), kind: caseClass(word, alone) };
    if (this.known.size >= MAX_CACHED_WORDS) this.known.clear();
    this.known.set(word, pieces);
    return pieces;
  }
}
