import type { TrainingRecord } from '../../schemas/index.js';

// NFKC leaves all of ASCII as it is.
const ASCII = /^[\u0000-\u007f]*$/;
const UNEVEN_SPACE = /\s\s|[^\S ]/u;

/** Most texts are even already, and looking costs a fraction of making a copy. */
function normalized(content: string): string {
  const text = (ASCII.test(content) ? content : content.normalize('NFKC')).toLowerCase();
  return (UNEVEN_SPACE.test(text) ? text.replace(/\s+/gu, ' ') : text).trim();
}

/**
 * The text that duplicates share: roles and contents in order, compatibility-normalized,
 * lower-case, white space collapsed.
 */
export function normalizedText(record: TrainingRecord): string {
  return record.messages
    .map(({ role, content }) => `${role}\u001f${normalized(content)}`)
    .join('\u001e');
}

/** Code points of a record's contents, before normalization. */
export function countChars(record: TrainingRecord): number {
  let chars = 0;
  for (const { content } of record.messages) {
    for (let index = 0; index < content.length; index++) {
      // The second half of a surrogate pair is no character of its own.
      if ((content.charCodeAt(index) & 0xfc00) !== 0xdc00) chars++;
    }
  }
  return chars;
}

// Scripts that put no space between words: each character counts as a word. The flag `v` needs a
// newer target as a literal.
const UNSPACED =
  '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}]';
const WORDS = new RegExp(`${UNSPACED}|[[\\p{L}\\p{N}\\p{M}_]--${UNSPACED}]+`, 'gv');

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a over UTF-16 units, finished by MurmurHash3's mixer. */
function hashWord(word: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < word.length; index++) {
    hash = Math.imul(hash ^ word.charCodeAt(index), FNV_PRIME);
  }
  return mix(hash);
}

/** MurmurHash3's 32-bit finalizer. */
export function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Hashes of the text's shingles of `words` consecutive words; a shorter text is one shingle.
 * Equal texts give equal lists.
 */
export function shingleHashes(text: string, words: number): Uint32Array {
  const found = text.match(WORDS) ?? [text];
  const hashes = Uint32Array.from(found, hashWord);
  const count = Math.max(1, hashes.length - words + 1);
  const shingles = new Uint32Array(count);
  for (let start = 0; start < count; start++) {
    let hash = FNV_OFFSET;
    const end = Math.min(start + words, hashes.length);
    for (let index = start; index < end; index++)
      hash = mix(hash ^ (hashes[index] ?? 0)) + index - start;
    shingles[start] = mix(hash);
  }
  return shingles;
}
