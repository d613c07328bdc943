import { createReadStream } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  judgeCorrection,
  type CompiledSource,
  type Correction,
  type QuarantinedRow,
} from '../domain/record/index.js';
import { CliError } from './errors.js';

/** Lengths are judged by the next run's policy; here only what the mapping needs. */
const ANY_LENGTH = { minContentChars: 1, maxContentChars: Number.MAX_SAFE_INTEGER };

/** Creates a file of mode 0600, never over one that is there. @throws CliError USAGE */
export async function createPrivateFile(path: string): Promise<FileHandle> {
  return open(path, 'wx', 0o600).catch((cause: unknown) => {
    throw new CliError('USAGE', `${path} cannot be made, or is there already; choose another`, {
      cause,
    });
  });
}

interface StillWrong {
  readonly line: number;
  readonly reason: string;
  readonly pointer: string;
  readonly expected: string;
}

export interface Reingested {
  /** Source -> the file of its corrections and how many rows it has. */
  readonly corrections: readonly {
    readonly source: string;
    readonly file: string;
    readonly rows: number;
  }[];
  /** Lines whose `value` nobody filled in. */
  readonly untouched: number;
  readonly wrong: readonly StillWrong[];
}

function parseLine(text: string, line: number, path: string): Partial<QuarantinedRow> {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // The parser's message quotes the row.
  }
  throw new CliError('USAGE', `${path}, line ${String(line)}: no JSON object; mend it`);
}

const correctionLine = ({ digest, row, value }: Correction): string =>
  `${JSON.stringify({ digest, row, value })}\n`;

/**
 * Turns an edited export into files of corrections, one a source, each row judged by the source's
 * mapping first. Nothing is written while a row is still wrong.
 * @throws CliError USAGE for a file that is no export
 */
export async function reingest(
  path: string,
  sources: readonly CompiledSource[],
  outFolder: string,
): Promise<Reingested> {
  const bySource = new Map<string, string[]>();
  const wrong: StillWrong[] = [];
  let [line, untouched] = [0, 0];
  const input = createReadStream(path, 'utf8');
  const lines = createInterface({ input, crlfDelay: Infinity });
  try {
    for await (const text of lines) {
      line += 1;
      if (text.trim() === '') continue;
      const row = parseLine(text, line, path);
      const source = sources.find(({ name }) => name === row.source);
      if (source === undefined) {
        throw new CliError('USAGE', `${path}, line ${String(line)}: the run has no such source`);
      }
      const judged = judgeCorrection(row, source, ANY_LENGTH);
      if (judged === undefined) untouched += 1;
      else if ('reason' in judged) wrong.push({ line, ...judged });
      else {
        const rows = bySource.get(source.name);
        if (rows === undefined) bySource.set(source.name, [correctionLine(judged)]);
        else rows.push(correctionLine(judged));
      }
    }
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError('USAGE', `${path} cannot be read; check the path`, { cause });
  }
  if (wrong.length > 0) return { corrections: [], untouched, wrong };
  await mkdir(outFolder, { recursive: true, mode: 0o700 });
  const corrections = [];
  for (const [source, rows] of bySource) {
    const file = join(outFolder, `${source}.corrections.jsonl`);
    const handle = await createPrivateFile(file);
    await handle.writeFile(rows.join(''));
    await handle.close();
    corrections.push({ source, file, rows: rows.length });
  }
  return { corrections, untouched, wrong };
}
