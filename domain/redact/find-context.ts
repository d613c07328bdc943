import { KINDS, phraseSource } from './phrases.js';
import { searchAll } from './search-all.js';
import type { ContextWords } from './types.js';

const CHARS_BEFORE = 48;
const CHARS_AFTER = 24;

const compiled = new WeakMap<readonly string[], RegExp>();

/** One alternation over the words, whole words only; `phone` is in `phoneNumber` too. */
function regexOf(words: readonly string[]): RegExp {
  const known = compiled.get(words);
  if (known !== undefined) return known;
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  const source = `(?<![\\p{L}\\p{N}])(${longestFirst.map(phraseSource).join('|')})(?:${KINDS.join('|')})?(?![\\p{L}\\p{N}])`;
  const regex = new RegExp(source, 'giu');
  compiled.set(words, regex);
  return regex;
}

/** The recognizer's words that stand near the span, and whether one that tells against it does. */
export function findContext(
  context: ContextWords | undefined,
  text: string,
  start: number,
  end: number,
): { readonly context: readonly string[]; readonly against: boolean } {
  if (context === undefined) return { context: [], against: false };
  const before = text.slice(Math.max(0, start - (context.charsBefore ?? CHARS_BEFORE)), start);
  const after = text.slice(end, end + (context.charsAfter ?? CHARS_AFTER));
  // A separator that no word holds keeps a phrase from forming across the span.
  const near = `${before}\n\0\n${after}`;
  const words: string[] = [];
  searchAll(regexOf(context.words), near, ([, word = '']) => words.push(word.toLowerCase()));
  const { against, againstBefore = before.length } = context;
  const close = near.slice(Math.max(0, before.length - againstBefore));
  return {
    context: words.length < 2 ? words : [...new Set(words)].sort(),
    against: against !== undefined && close.search(regexOf(against)) >= 0,
  };
}
