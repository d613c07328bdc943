import { LABEL_COUNT } from './labels.js';
import type { NameTagger, TaggedWord, TokenClassifier } from './types.js';
import { cutWindows, encodeWindow, type EncodedWindow } from './windows.js';
import { WordPiece } from './word-piece.js';

/** Windows whose labels are kept: some 10 MB at most. */
const MAX_CACHED_WINDOWS = 4096;

/** Calibrated probabilities (words x 7) from the logits of each word's first subword. */
function softmaxRows(
  logits: Float32Array,
  firsts: readonly number[],
  temperature: number,
): Float32Array {
  const out = new Float32Array(firsts.length * LABEL_COUNT);
  for (const [word, first] of firsts.entries()) {
    const row = logits.subarray(first * LABEL_COUNT, (first + 1) * LABEL_COUNT);
    const top = Math.max(...row);
    const powers = Array.from(row, (logit) => Math.exp((logit - top) / temperature));
    const sum = powers.reduce((total, power) => total + power, 0);
    for (const [label, power] of powers.entries()) out[word * LABEL_COUNT + label] = power / sum;
  }
  return out;
}

function keyOf({ ids, cases }: EncodedWindow): string {
  const bytes = Buffer.concat([ids, cases].map((part) => Buffer.from(part.buffer)));
  return bytes.toString('latin1');
}

/**
 * Makes a tagger of a token classifier. Windows that were seen before are not run again; the labels
 * of a text depend on nothing but the text and the model.
 */
export function createNameTagger(classifier: TokenClassifier): NameTagger {
  const wordPiece = new WordPiece(classifier.vocabulary);
  const seen = new Map<string, Promise<Float32Array>>();

  const label = (window: EncodedWindow): Promise<Float32Array> => {
    const key = keyOf(window);
    const before = seen.get(key);
    seen.delete(key);
    const labels =
      before ??
      classifier
        .classify(window.ids, window.cases)
        .then((logits) => softmaxRows(logits, window.firsts, classifier.temperature));
    seen.set(key, labels);
    // The oldest goes first; one that failed is no answer for later.
    if (seen.size > MAX_CACHED_WINDOWS)
      for (const oldest of seen.keys()) {
        seen.delete(oldest);
        break;
      }
    return labels.catch((error: unknown) => {
      seen.delete(key);
      throw error;
    });
  };

  const tagOne = async (text: string): Promise<TaggedWord[]> => {
    const words = wordPiece.words(text);
    const tagged: TaggedWord[] = [];
    for (const window of cutWindows(words)) {
      const rows = await label(encodeWindow(words, window));
      for (const [at, { start, end, line }] of words.slice(window.from, window.to).entries()) {
        const probabilities = rows.subarray(at * LABEL_COUNT, (at + 1) * LABEL_COUNT);
        tagged.push({ start, end, line, probabilities });
      }
    }
    return tagged;
  };

  return {
    name: classifier.name,
    digest: classifier.digest,
    tag: (texts) => Promise.all(texts.map(tagOne)),
  };
}
