// Seeded texts with identifiers and without, from the standards of the identifiers.
import type { EntityType } from '../../domain/redact/index.js';
import { CONTACT_KINDS } from './contact.js';
import { COMMON } from './common-negatives.js';
import { writePositive, type Contexts } from './contexts.js';
import { DOCUMENT_KINDS } from './documents.js';
import { drawFrom, type Draw } from './draw.js';
import { FINANCE_KINDS } from './finance.js';
import { HARD_NEGATIVES } from './hard-negatives.js';
import type { Kind } from './kinds.js';
import { NATIONAL_KINDS } from './personal-numbers.js';
import { PLACE_KINDS } from './places.js';
import { HEALTH_KINDS, LICENSE_KINDS, TAX_KINDS } from './registered-numbers.js';

const KINDS: readonly Kind[] = [
  ...CONTACT_KINDS,
  ...PLACE_KINDS,
  ...DOCUMENT_KINDS,
  ...FINANCE_KINDS,
  ...NATIONAL_KINDS,
  ...TAX_KINDS,
  ...HEALTH_KINDS,
  ...LICENSE_KINDS,
];

/** The types with cases: all that patterns find but names. */
export const CASE_TYPES = [...new Set(KINDS.map(({ type }) => type))];

/** A text with every identifier in it. Offsets are UTF-16 units, `end` exclusive. */
export interface IdentifierCase {
  readonly type: EntityType;
  readonly positive: boolean;
  readonly text: string;
  readonly gold: readonly { readonly start: number; readonly end: number; readonly type: string }[];
}

const MARKED = /\[\[([A-Z_0-9]+)\|(.*?)\]\]/gs;

/** A case from a text in which values are marked: `[[TYPE|value]]`. */
export function readMarked(type: EntityType, positive: boolean, marked: string): IdentifierCase {
  const gold: { start: number; end: number; type: string }[] = [];
  let [text, at] = ['', 0];
  for (const { 0: whole, 1: found = '', 2: value = '', index } of marked.matchAll(MARKED)) {
    text += marked.slice(at, index);
    gold.push({ start: text.length, end: text.length + value.length, type: found });
    text += value;
    at = index + whole.length;
  }
  return { type, positive, text: text + marked.slice(at), gold };
}

/** Half of a type's negatives are its own, half those that every type has. */
function writeNegative(draw: Draw, type: EntityType, at: number): string {
  const own = HARD_NEGATIVES[type] ?? [];
  return draw.pick(at % 2 === 0 && own.length > 0 ? own : COMMON)(draw);
}

/**
 * @param each positive cases of each type, and as many negative ones
 */
export function generateCases(
  seed: number,
  each: number,
  contexts: Contexts = 'common',
): IdentifierCase[] {
  const draw = drawFrom(seed);
  return CASE_TYPES.flatMap((type) => {
    const kinds = KINDS.filter((kind) => kind.type === type);
    return Array.from({ length: each }, (_, at) => {
      const kind = kinds[at % kinds.length];
      if (kind === undefined) throw new Error(`${type} has no kind`);
      return [
        readMarked(type, true, writePositive(draw, kind, contexts)),
        readMarked(type, false, writeNegative(draw, type, at)),
      ];
    }).flat();
  });
}
