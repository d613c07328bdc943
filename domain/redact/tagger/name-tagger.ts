import { probabilitiesOfPlain, splitByGate } from './gate.js';
import { LABEL_COUNT } from './labels.js';
import type { NameTagger, TaggedWord, TokenClassifier, Word } from './types.js';
import { cutWindows, encodeWindow, type EncodedWindow } from './windows.js';
import { WordReader } from './word-reader.js';

/** Windows whose labels are kept: some 10 MB at most. */
const MAX_CACHED_WINDOWS = 4096;

/** Calibrated probabilities (words x 7) from the logits of each word's first subword. */
function softmaxRows(
  logits: Float32Array,
  firsts: readonly number[],
  temperature: number,
): Float32Array {
  const out = new Float32Array(firsts.length * LABEL_COUNT);
  let at = 0;
  for (const first of firsts) {
    const from = first * LABEL_COUNT;
    let top = -Infinity;
    for (let k = 0; k < LABEL_COUNT; k += 1) top = Math.max(top, logits[from + k] ?? 0);
    let sum = 0;
    for (let k = 0; k < LABEL_COUNT; k += 1) {
      const power = Math.exp(((logits[from + k] ?? 0) - top) / temperature);
      out[at + k] = power;
      sum += power;
    }
    for (let k = 0; k < LABEL_COUNT; k += 1) out[at + k] = (out[at + k] ?? 0) / sum;
    at += LABEL_COUNT;
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
  const reader = new WordReader(classifier.subwords);
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

  /** Probabilities of each of the words, in order, by the model. */
  const readAll = async (words: readonly Word[]): Promise<Float32Array[]> => {
    const found: Float32Array[] = [];
    for (const window of cutWindows(words, classifier.frame.subwords)) {
      const rows = await label(encodeWindow(words, window, classifier.frame));
      for (let at = 0; at < window.to - window.from; at += 1)
        found.push(rows.subarray(at * LABEL_COUNT, (at + 1) * LABEL_COUNT));
    }
    return found;
  };

  const tagOne = async (text: string): Promise<TaggedWord[]> => {
    const words = reader.words(text);
    const { scores, open } = splitByGate(words, classifier.gate);
    const read = await readAll(words.filter((_, at) => open[at] === 1));
    let next = 0;
    return words.map(({ start, end, line }, at) => {
      const byModel = open[at] === 1 ? read[next++] : undefined;
      const probabilities = byModel ?? probabilitiesOfPlain(scores[at] ?? 0);
      return { start, end, line, probabilities };
    });
  };

  return {
    name: classifier.name,
    digest: classifier.digest,
    tag: (texts) => Promise.all(texts.map(tagOne)),
  };
}
