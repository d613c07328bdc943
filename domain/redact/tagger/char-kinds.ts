/** How BERT's uncased pre-tokenizer takes a character. */
export const CHAR = { drop: 0, space: 1, alone: 2, word: 3 } as const;
export type CharKind = (typeof CHAR)[keyof typeof CHAR];

const UNSEEN = 255;
const kinds = new Uint8Array(0x110000).fill(UNSEEN);

const IDEOGRAPH =
  /[\u4E00-\u9FFF\u3400-\u4DBF\u{20000}-\u{2A6DF}\u{2A700}-\u{2CEAF}\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/u;

function classify(codePoint: number): CharKind {
  const char = String.fromCodePoint(codePoint);
  if (/[\t\n\r]|\p{Z}/u.test(char)) return CHAR.space;
  if (char === '\0' || char === '\uFFFD' || /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u.test(char)) {
    return CHAR.drop;
  }
  if (/[!-/:-@[-`{-~]|\p{P}/u.test(char)) return CHAR.alone;
  return IDEOGRAPH.test(char) ? CHAR.alone : CHAR.word;
}

/** Space, dropped, a word by itself (punctuation, ideographs), or part of a word. */
export function charKind(codePoint: number): CharKind {
  const known = kinds[codePoint];
  if (known !== undefined && known !== UNSEEN) return known as CharKind;
  const kind = classify(codePoint);
  kinds[codePoint] = kind;
  return kind;
}
