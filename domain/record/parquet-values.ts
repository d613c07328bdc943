import type { ParquetParsers } from 'hyparquet';
import { MAX_JSON_DEPTH, scanJson } from './json-structure.js';

/** Stands for a string whose bytes are not UTF-8, until its row is looked at. */
const NOT_UTF8 = Symbol('not UTF-8');

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function text(bytes: Uint8Array): unknown {
  try {
    return decoder.decode(bytes);
  } catch {
    return NOT_UTF8;
  }
}

function json(bytes: Uint8Array): unknown {
  const decoded = text(bytes);
  if (typeof decoded !== 'string' || scanJson(decoded).depth > MAX_JSON_DEPTH) return decoded;
  try {
    return JSON.parse(decoded) as unknown;
  } catch {
    // A column that only claims to be JSON is text.
    return decoded;
  }
}

/** Text is decoded strictly; anything else of a row's value stays as the library has it. */
export const STRICT_PARSERS: Partial<ParquetParsers> = {
  stringFromBytes: (bytes: Uint8Array | undefined) => (bytes === undefined ? bytes : text(bytes)),
  jsonFromBytes: (bytes: Uint8Array | undefined) => (bytes === undefined ? bytes : json(bytes)),
};

class NotUtf8 extends Error {}

function toJsonValue(value: unknown): unknown {
  if (value === NOT_UTF8) throw new NotUtf8();
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') {
    const exact = Number(value);
    return Number.isSafeInteger(exact) ? exact : value.toString();
  }
  if (typeof value !== 'object') return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return [...(value as Uint8Array)];
  if (Array.isArray(value)) return value.map(toJsonValue);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJsonValue(item)]));
}

/**
 * A row's cells as JSON would have them: structs are objects, lists arrays, times ISO 8601.
 * Integers that no number holds exactly are their digits; raw bytes are an array of numbers, which
 * no field takes. Undefined when a string is not UTF-8.
 */
export function toJsonRow(
  cells: Iterable<readonly [string, unknown]>,
): Record<string, unknown> | undefined {
  try {
    return Object.fromEntries([...cells].map(([name, cell]) => [name, toJsonValue(cell)]));
  } catch (error) {
    if (error instanceof NotUtf8) return undefined;
    throw error;
  }
}
