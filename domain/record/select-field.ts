import type { SourceSpec } from '../../schemas/index.js';
import { RecordError } from './errors.js';

/** A selector made ready for one format: the keys to walk, and how a report names the place. */
export interface Selector {
  readonly path: readonly string[];
  readonly pointer: string;
}

const escapeKey = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
const unescapeKey = (key: string): string => key.replaceAll('~1', '/').replaceAll('~0', '~');

/** What a selector of a format may be; `either` takes a pointer where it begins with a slash. */
const SYNTAX: Readonly<Record<SourceSpec['format'], 'pointer' | 'name' | 'either'>> = {
  jsonl: 'pointer',
  json: 'pointer',
  csv: 'name',
  tsv: 'name',
  parquet: 'either',
  text: 'either',
  auto: 'either',
};

/**
 * Compiles a JSON pointer (RFC 6901) or a column's name, as the format has it.
 * @throws RecordError SOURCE_SPEC for a pointer that is none
 */
export function compileSelector(selector: string, format: SourceSpec['format']): Selector {
  const syntax = SYNTAX[format];
  if (syntax === 'name' || (syntax === 'either' && !selector.startsWith('/'))) {
    return { path: [selector], pointer: `/${escapeKey(selector)}` };
  }
  if (!/^(\/([^~/]|~[01])*)+$/.test(selector)) {
    throw new RecordError(
      'SOURCE_SPEC',
      `"${selector}" is no JSON pointer; write it like /ticket/id`,
    );
  }
  return { path: selector.slice(1).split('/').map(unescapeKey), pointer: selector };
}

const ARRAY_INDEX = /^(0|[1-9]\d*)$/;

/** The value at the selector, or undefined. Looks at own members only. */
export function selectValue(row: unknown, { path }: Selector): unknown {
  let value = row;
  for (const key of path) {
    if (Array.isArray(value)) {
      value = ARRAY_INDEX.test(key) ? (value[Number(key)] as unknown) : undefined;
    } else if (typeof value === 'object' && value !== null && Object.hasOwn(value, key)) {
      value = (value as Record<string, unknown>)[key];
    } else {
      return undefined;
    }
  }
  return value;
}
