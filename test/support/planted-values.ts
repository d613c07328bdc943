import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

interface TruthRow {
  readonly file: string;
  readonly row: number;
  readonly field: string;
  readonly start: number;
  readonly end: number;
  readonly type: string;
}

const DATA = 'samples/data';

const linesOf = (file: string): string[] => readFileSync(join(DATA, file), 'utf8').split('\n');

function cellOf(file: string): (row: number, pointer: string) => string {
  const path = (pointer: string) => pointer.slice(1).split('/');
  if (file.endsWith('.csv')) {
    const rows = parse(readFileSync(join(DATA, file), 'utf8'), { relax_column_count: true });
    return (row, pointer) => rows[row - 1]?.[rows[0]?.indexOf(path(pointer)[0] ?? '') ?? -1] ?? '';
  }
  const lines = linesOf(file);
  return (row, pointer) => {
    let value: unknown = JSON.parse(lines[row - 1] ?? '{}');
    for (const key of path(pointer)) value = (value as Record<string, unknown> | undefined)?.[key];
    return typeof value === 'string' ? value : '';
  };
}

/**
 * Values of the named types that the generator planted in the given sample files, each once. Short
 * ones and single words stay out: they also occur by chance.
 */
export function plantedValues(
  files: readonly string[],
  types: readonly string[],
): readonly string[] {
  const cells = new Map(files.map((file) => [file, cellOf(file)]));
  const values = new Set<string>();
  for (const line of linesOf('truth.jsonl').filter((text) => text !== '')) {
    const { file, row, field, start, end, type } = JSON.parse(line) as TruthRow;
    const cell = cells.get(file);
    if (cell === undefined || !types.includes(type)) continue;
    const value = cell(row, field).slice(start, end);
    if (value.length >= 8 && /[\s@]/u.test(value)) values.add(value);
  }
  return [...values];
}

const BASE64 = /[A-Za-z0-9+/_-]{16,}={0,2}/g;

/** The text of some bytes, followed by what is encoded inside it as base64, down to three layers. */
function layersOf(text: string, depth = 3): string {
  if (depth === 0) return text;
  const inner = (text.match(BASE64) ?? []).map((encoded) =>
    Buffer.from(encoded, 'base64').toString('utf8'),
  );
  return [text, ...inner.map((one) => layersOf(one, depth - 1))].join('\n');
}

/** Those of `values` that occur in the bytes, in clear, as JSON writes them, or inside base64. */
export function findValues(bytes: Uint8Array, values: readonly string[]): readonly string[] {
  const text = layersOf(Buffer.from(bytes).toString('utf8')).toLowerCase();
  return values.filter((value) => {
    const lower = value.toLowerCase();
    return text.includes(lower) || text.includes(JSON.stringify(lower).slice(1, -1));
  });
}

/** Everything that a decoded history says: its payloads' bytes and its strings. */
export function* bytesIn(value: unknown): Generator<Uint8Array> {
  if (typeof value === 'string') yield Buffer.from(`${value}\n`);
  else if (value instanceof Uint8Array) yield Buffer.concat([value, Buffer.from('\n')]);
  else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) yield* bytesIn(inner);
  }
}
