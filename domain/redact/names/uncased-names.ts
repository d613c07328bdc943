import type { Span } from '../types.js';

const RUN =
  /(?<![\p{L}\p{M}])\p{Lo}[\p{Lo}\p{M}\u200c\u200d]{1,24}(?:[ ·・]\p{Lo}[\p{Lo}\p{M}\u200c\u200d]{0,24}){0,3}(?![\p{L}\p{M}])/gu;

/** A few words of another script in a text of Latin letters are a name more often than not. Not measured. */
const SCORE = 0.7;
/** Above this share the text itself is written in that script, and a run says nothing. */
const MAX_SHARE = 0.3;

function shareOfUncased(text: string): number {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return letters === 0 ? 1 : (text.match(/\p{Lo}/gu)?.length ?? 0) / letters;
}

/** Names written in a script without letter case (张敏, राहुल वर्मा) inside a Latin text. */
export function findUncasedNames(text: string): Span[] {
  const runs = [...text.matchAll(RUN)];
  if (runs.length === 0 || shareOfUncased(text) > MAX_SHARE) return [];
  return runs.map(({ index, 0: value }) => ({
    start: index,
    end: index + value.length,
    type: 'PERSON',
    score: SCORE,
    recognizer: 'uncased-names',
    explanation: { pattern: 'other-script', validator: 'none', context: [] },
  }));
}
