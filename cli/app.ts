import { resolve } from 'node:path';
import type { Command } from 'commander';

/** What every command gets: global options and the two ways to speak. */
export interface App {
  readonly json: boolean;
  readonly dataDir: string;
  /** Configuration of servers that are not the embedded ones (`--servers`). */
  readonly servers?: string | undefined;
  /** Prints `value` as JSON with --json, otherwise what `human` makes of it. */
  emit(value: unknown, human: () => string): void;
  /** Progress for people, on standard error; silent with --json. */
  note(text: string): void;
}

export type RegisterCommand = (program: Command) => void;

interface GlobalOptions {
  readonly json?: boolean;
  readonly dataDir?: string;
  readonly servers?: string;
}

/** The app of a command that runs, from the options of all its parents. */
export function appOf(command: Command): App {
  const options = command.optsWithGlobals<GlobalOptions>();
  const json = options.json === true;
  return {
    json,
    dataDir: resolve(options.dataDir ?? process.env['CUSTOS_HOME'] ?? '.custos'),
    servers: options.servers,
    emit: (value, human) => {
      process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${human()}\n`);
    },
    note: (text) => {
      if (!json) process.stderr.write(`${text}\n`);
    },
  };
}

/** Rows as aligned columns; the last column is not padded. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, index) => Math.max(all[index] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
