import nlp from 'compromise/three';
import type { EntityType, Span } from '../types.js';

/** A word as compromise cut it: `pre` and `post` hold what lies around `text`. */
interface Term {
  readonly pre: string;
  readonly text: string;
  readonly post: string;
  readonly tags?: ReadonlySet<string>;
}

type Pointer = readonly [sentence: number, start: number, end: number, ...rest: unknown[]];

interface Doc {
  readonly docs: readonly (readonly Term[])[];
  readonly fullPointer: readonly Pointer[];
  people(): Doc;
  places(): Doc;
  organizations(): Doc;
}

/** A term with the offsets of its text in the whole. */
export interface PlacedTerm {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly tags: ReadonlySet<string>;
  readonly firstInSentence: boolean;
}

const NO_TAGS: ReadonlySet<string> = new Set();

/**
 * Offsets by adding up `pre + text + post`, which gives the text back exactly. compromise's own
 * offsets skip leading punctuation at the start and count it in the length.
 * Undefined when the terms do not give the text back.
 */
function placeTerms(doc: Doc, { text, base }: Block): PlacedTerm[][] | undefined {
  let at = 0;
  const placed = doc.docs.map((sentence) =>
    sentence.map((term, index): PlacedTerm => {
      const start = at + term.pre.length;
      const end = start + term.text.length;
      at = end + term.post.length;
      const tags = term.tags ?? NO_TAGS;
      const firstInSentence = index === 0;
      return { start: base + start, end: base + end, text: term.text, tags, firstInSentence };
    }),
  );
  const exact = placed.every((terms) =>
    terms.every((term) => text.slice(term.start - base, term.end - base) === term.text),
  );
  return exact && at === text.length ? placed : undefined;
}

interface Block {
  readonly text: string;
  readonly base: number;
}

/** compromise takes time with the square of a sentence's length: a block bounds it. */
const BLOCK_CHARS = 4000;

/** Cuts at a line end, else at a sentence end, else at a space, else hard. */
function cutBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let base = 0;
  while (text.length - base > BLOCK_CHARS) {
    const window = text.slice(base, base + BLOCK_CHARS);
    const cuts = ['\n', '. ', ' '].map((end) => window.lastIndexOf(end) + end.length);
    const size = cuts.find((cut) => cut > BLOCK_CHARS / 2) ?? BLOCK_CHARS;
    blocks.push({ text: text.slice(base, base + size), base });
    base += size;
  }
  return [...blocks, { text: text.slice(base), base }];
}

/** What compromise makes of a text: its terms, and the names it sees as ranges of them. */
export interface Reading {
  readonly sentences: readonly (readonly PlacedTerm[])[];
  readonly names: readonly {
    readonly type: EntityType;
    readonly sentence: readonly PlacedTerm[];
    readonly terms: readonly PlacedTerm[];
  }[];
}

const EMPTY: Reading = { sentences: [], names: [] };

function readBlock(block: Block): Reading {
  const doc = nlp(block.text) as unknown as Doc;
  const sentences = placeTerms(doc, block);
  if (sentences === undefined) return EMPTY;
  const views = [
    ['PERSON', doc.people()],
    ['LOCATION', doc.places()],
    ['ORGANIZATION', doc.organizations()],
  ] as const;
  const names = views.flatMap(([type, view]) =>
    view.fullPointer.map(([at, start, end]) => {
      const sentence = sentences[at] ?? [];
      return { type, sentence, terms: sentence.slice(start, end) };
    }),
  );
  return { sentences, names };
}

/** Reads a text with compromise; nothing of a block whose terms cannot be placed exactly. */
export function readNames(text: string): Reading {
  const readings = cutBlocks(text).map(readBlock);
  return {
    sentences: readings.flatMap(({ sentences }) => sentences),
    names: readings.flatMap(({ names }) => names),
  };
}

const POSSESSIVE = /['’]s?$/;
const EDGE = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}.)]+$/gu;

/** The range of some terms without a possessive ending and outer punctuation. */
export function rangeOf(
  text: string,
  terms: readonly PlacedTerm[],
): Pick<Span, 'start' | 'end'> | undefined {
  const [first, last] = [terms[0], terms.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const value = text.slice(first.start, last.end).replace(POSSESSIVE, '');
  const inner = value.replace(EDGE, '');
  if (inner === '') return undefined;
  const start = first.start + value.indexOf(inner);
  return { start, end: start + inner.length };
}
