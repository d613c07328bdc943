import { RecordError } from './errors.js';
import { isObject } from './json-row.js';
import { MAX_CORRECTION_BYTES } from './limits.js';
import { parseJsonl } from './read-jsonl.js';
import { badRow, rejection, type ParsedRow, type ReadOptions } from './rows.js';
import type { SourceFile } from './source-files.js';

/** One line of a corrections file. The file's digest pins the position: a changed file voids it. */
export interface Correction {
  /** Of the file whose row is corrected. */
  readonly digest: string;
  readonly row: number;
  /** The row as its reader would give it: members by name. */
  readonly value: Readonly<Record<string, unknown>>;
}

function asCorrection(value: Readonly<Record<string, unknown>>): Correction | undefined {
  const { digest, row, value: corrected } = value;
  if (typeof digest !== 'string' || !Number.isSafeInteger(row)) return undefined;
  return isObject(corrected) ? { digest, row: row as number, value: corrected } : undefined;
}

/** Corrected rows by position; remembers which were used. */
export interface Corrections {
  /** The row in place of the given one, if it was corrected. */
  replacing(digest: string, row: ParsedRow): ParsedRow;
  /** Lines that are no correction, and corrections of rows that were not met. */
  leftOver(): Iterable<ParsedRow>;
}

const positionOf = (digest: string, row: number): string => `${digest} ${String(row)}`;

/** Reads a corrections file. @throws RecordError SOURCE_LIMIT when it is too large to hold */
export async function readCorrections(
  file: SourceFile,
  options: ReadOptions,
): Promise<Corrections> {
  if (file.sizeBytes > MAX_CORRECTION_BYTES) {
    throw new RecordError(
      'SOURCE_LIMIT',
      `corrections of ${String(file.sizeBytes)} bytes are more than the ${String(MAX_CORRECTION_BYTES)} that are held in memory; correct the source itself`,
    );
  }
  const waiting = new Map<string, ParsedRow & { kind: 'value' }>();
  const wrong: ParsedRow[] = [];
  const parser = parseJsonl(options);
  const take = (rows: Iterable<ParsedRow>): void => {
    for (const row of rows) {
      const correction = row.kind === 'value' ? asCorrection(row.value) : undefined;
      if (row.kind === 'blank') continue;
      if (row.kind === 'bad') wrong.push(row);
      else if (correction === undefined) {
        wrong.push(badRow(row, rejection('CORRECTION_INVALID', '{digest, row, value} on a line')));
      } else {
        const { digest, row: at, value } = correction;
        waiting.set(positionOf(digest, at), { ...row, value });
      }
    }
  };
  for await (const chunk of file.open()) take(parser.push(chunk));
  take(parser.end());
  return {
    replacing(digest, row) {
      const position = positionOf(digest, row.row);
      const corrected = waiting.get(position);
      if (corrected === undefined) return row;
      waiting.delete(position);
      return { ...corrected, row: row.row, byteOffset: row.byteOffset };
    },
    *leftOver() {
      yield* wrong;
      const why = rejection(
        'CORRECTION_UNMATCHED',
        'a row of a file that the source still has; the file may have changed',
      );
      for (const row of waiting.values()) yield badRow(row, why);
    },
  };
}
