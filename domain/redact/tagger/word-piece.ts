import { CASE, caseClass } from './case-class.js';
import { CHAR, charKind } from './char-kinds.js';
import type { Word } from './types.js';

const UNKNOWN = 100;
/** Longer words are unknown: the vocabulary has none. */
const MAX_WORD_CHARS = 100;
const MAX_CACHED_WORDS = 200_000;

const SENTENCE_ENDS: ReadonlySet<string> = new Set('.!?:;•');
/** After these a sentence's start is still a start. */
const OPENERS: ReadonlySet<string> = new Set('"\'“”‘’()[]-*#>_');
const STOPS: ReadonlySet<string> = new Set('.!?');

type Pieces = Pick<Word, 'ids' | 'kind'>;

/** BERT's uncased pre-tokenization and WordPiece, with exact offsets and a case class a word. */
export class WordPiece {
  private readonly vocabulary: ReadonlyMap<string, number>;
  private readonly known = new Map<string, Pieces>();

  /** @param vocabulary one subword a line, the line number being its id */
  constructor(vocabulary: string) {
    const pieces = vocabulary.trimEnd().split('\n');
    this.vocabulary = new Map(pieces.map((piece, id) => [piece, id]));
  }

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
    const pieces = { ids: this.split(word), kind: caseClass(word, alone) };
    if (this.known.size >= MAX_CACHED_WORDS) this.known.clear();
    this.known.set(word, pieces);
    return pieces;
  }

  /** Longest subword first, from the left; a word with a part that has none is unknown. */
  private split(word: string): number[] {
    const plain = word
      .normalize('NFD')
      .replace(/[\p{Mn}\p{Cc}\p{Cf}\p{Co}\p{Cs}\uFFFD]/gu, '')
      .toLowerCase();
    const chars = [...plain];
    if (chars.length > MAX_WORD_CHARS) return [UNKNOWN];
    const ids: number[] = [];
    for (let at = 0; at < chars.length;) {
      let end = chars.length;
      let id: number | undefined;
      for (; end > at; end -= 1) {
        id = this.vocabulary.get((at > 0 ? '##' : '') + chars.slice(at, end).join(''));
        if (id !== undefined) break;
      }
      if (id === undefined) return [UNKNOWN];
      ids.push(id);
      at = end;
    }
    return ids;
  }
}
