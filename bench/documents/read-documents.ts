// Documents written for this judgement, with what is personal in them marked: `{P:Jane Doe}`.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GoldText, Place } from '../redaction-score.js';

/** Names of what may stay as well as go: numbers of orders, a month alone, log times, pets, brands. */
const EITHER = 'EITHER';

/** Letters of the marks. Numbers of any kind are one type here: their types are judged elsewhere. */
const MARKS: Readonly<Record<string, string>> = {
  P: 'PERSON',
  L: 'LOCATION',
  O: 'ORGANIZATION',
  D: 'DATE',
  B: 'DATE_OF_BIRTH',
  S: 'STREET_ADDRESS',
  Z: 'POSTAL_CODE',
  E: 'EMAIL_ADDRESS',
  T: 'PHONE_NUMBER',
  U: 'USERNAME',
  W: 'URL',
  A: 'AGE_OVER_89',
  N: 'IDENTIFIER',
  X: EITHER,
};

export interface MarkedDocument extends GoldText {
  /** `tickets-3` */
  readonly name: string;
  /** What is neither a leak nor an error. */
  readonly either: readonly Place[];
}

/** The two halves: what rules may be made by, and what is only measured. */
export const HALVES = ['consulted', 'held-back'] as const;
export type Half = (typeof HALVES)[number];

/** A document without its marks, and where each marked value stands (UTF-16 units). */
export function unmark(name: string, marked: string): MarkedDocument {
  let [text, at] = ['', 0];
  const places: Place[] = [];
  for (const { index, 0: whole, 1: mark = '', 2: value = '' } of marked.matchAll(
    /\{([A-Z]):([^{}\n]+)\}/g,
  )) {
    const type = MARKS[mark];
    if (type === undefined) throw new Error(`${name}: no type has the mark ${mark}`);
    text += marked.slice(at, index);
    places.push({ start: text.length, end: text.length + value.length, type });
    text += value;
    at = index + whole.length;
  }
  return {
    name,
    text: text + marked.slice(at),
    gold: places.filter(({ type }) => type !== EITHER),
    either: places.filter(({ type }) => type === EITHER),
  };
}

/** Documents of a folder's `.txt` files: those with odd numbers may be consulted, even ones not. */
export function readDocuments(folder: string, half: Half): MarkedDocument[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort();
  return files.flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split(/^=== /m)
      .slice(1)
      .map((part) => {
        const end = part.indexOf('\n');
        return unmark(part.slice(0, end), part.slice(end + 1).trimEnd());
      })
      .filter(({ name }) => Number(name.split('-').at(-1)) % 2 === (half === 'consulted' ? 1 : 0)),
  );
}
