const UNKNOWN = 100;
/** Longer words are unknown: the vocabulary has none. */
const MAX_WORD_CHARS = 100;

/**
 * WordPiece over BERT's uncased vocabulary: longest subword first, from the left; a word with a part
 * that has none is unknown.
 * @param vocabulary one subword a line, the line number being its id
 */
export function wordPieces(vocabulary: string): (word: string) => readonly number[] {
  const ids = new Map(
    vocabulary
      .trimEnd()
      .split('\n')
      .map((piece, id) => [piece, id]),
  );
  return (word) => {
    const plain = word
      .normalize('NFD')
      .replace(/[\p{Mn}\p{Cc}\p{Cf}\p{Co}\p{Cs}\uFFFD]/gu, '')
      .toLowerCase();
    const chars = [...plain];
    if (chars.length > MAX_WORD_CHARS) return [UNKNOWN];
    const found: number[] = [];
    for (let at = 0; at < chars.length;) {
      let end = chars.length;
      let id: number | undefined;
      for (; end > at; end -= 1) {
        id = ids.get((at > 0 ? '##' : '') + chars.slice(at, end).join(''));
        if (id !== undefined) break;
      }
      if (id === undefined) return [UNKNOWN];
      found.push(id);
      at = end;
    }
    return found;
  };
}
