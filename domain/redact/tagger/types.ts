/** A word of a text with its subwords. Offsets are UTF-16 units, `end` exclusive. */
export interface Word {
  readonly start: number;
  readonly end: number;
  /** Vocabulary ids of its subwords, at least one. */
  readonly ids: readonly number[];
  /** Case class, see case-class.ts. */
  readonly kind: number;
  /** Number of the line that it stands in; no span crosses a line's end. */
  readonly line: number;
  /** Ends a sentence, so that a window may be cut after it. */
  readonly stop: boolean;
}

/**
 * The first stage of a cascade: a linear score a word, by table. A sentence whose words all score
 * below the threshold holds no name that the model would be asked about.
 */
export interface Gate {
  /**
   * In units of 1/16: four tables over the vocabulary (a word in lower case, one otherwise written,
   * the word before, the word after; a word is told by its first subword), then four rows over the
   * case classes (own, own of a word in several subwords, before, after). models/redactor/gate.py
   * fits them.
   */
  readonly tables: Int8Array;
  readonly threshold: number;
}

/** What stands around a window's subwords, and how many fit between. */
export interface Frame {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly subwords: number;
}

/**
 * A token classifier with its weights, run by infra. One window a call: its int8 activations are
 * scaled over all that it is given, so that only then a text's labels do not depend on its
 * neighbours.
 */
export interface TokenClassifier {
  readonly name: string;
  /** Digest over the model's files: `sha256:<hex>`. */
  readonly digest: string;
  readonly subwords: (word: string) => readonly number[];
  readonly frame: Frame;
  /** Logits are divided by it before the softmax; fitted on development texts. */
  readonly temperature: number;
  /** Decides which sentences the model reads; all where there is none. */
  readonly gate?: Gate;
  /**
   * Logits of a window, row-major (subwords x 7).
   * @param ids subword ids within the frame
   * @param cases the case class of each subword's word
   */
  classify(ids: Int32Array, cases: Int32Array): Promise<Float32Array>;
}

/** A word with the calibrated probability of each of LABELS, in their order. */
export interface TaggedWord extends Pick<Word, 'start' | 'end' | 'line'> {
  readonly probabilities: Float32Array;
}

/** Finds names by a trained model. */
export interface NameTagger {
  readonly name: string;
  readonly digest: string;
  /** Words of each text in order, with their labels' probabilities. */
  tag(texts: readonly string[]): Promise<readonly (readonly TaggedWord[])[]>;
}
