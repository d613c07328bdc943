import { readFileSync } from 'node:fs';
import { IDENTIFYING_TYPES, type EntityType } from '../../domain/redact/index.js';
import { CASE_TYPES, readMarked, type IdentifierCase } from './generate.js';

/** Texts by people who had read nothing of the engine, in the order in which they were written. */
export const STRANGERS = ['first', 'second', 'third', 'fourth'] as const;

const FOLDER = 'bench/identifiers/strangers';

/** The types that they were asked to mark: all but clock times, amounts and ages that single nobody out. */
export const STRANGERS_TYPES = CASE_TYPES.filter((type) => IDENTIFYING_TYPES.includes(type));

/** The texts of one of them; those without a mark are negative ones. */
export function strangersCases(stranger: (typeof STRANGERS)[number]): IdentifierCase[] {
  return readFileSync(`${FOLDER}/${stranger}.txt`, 'utf8')
    .split(/^===$/m)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((marked) => {
      const type = /\[\[([A-Z_0-9]+)\|/.exec(marked)?.[1] as EntityType | undefined;
      return readMarked(type ?? 'DATE', type !== undefined, marked);
    });
}
