import { fstatSync } from 'node:fs';

const EVERY_MS = 250;
const BAR = 24;

/** Bytes of standard input where it is a file, so that a share of it can be shown. */
function inputBytes(): number | undefined {
  try {
    const stat = fstatSync(0);
    return stat.isFile() && stat.size > 0 ? stat.size : undefined;
  } catch {
    return undefined;
  }
}

export interface Progress {
  /** Counts what passes. */
  watch(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>;
  show(spans: number): void;
  /** Takes the line away. */
  clear(): void;
}

/** A line on the terminal, redrawn in place: a bar where the size of the input is known. */
export function createProgress(isShown: boolean, now: () => number): Progress {
  const total = isShown ? inputBytes() : undefined;
  let bytes = 0;
  let shownAt = now();
  let width = 0;
  const lineOf = (spans: number): string => {
    const said = `${(bytes / 1e6).toFixed(1)} MB, ${spans.toLocaleString('en-US')} spans`;
    if (total === undefined) return said;
    const share = Math.min(1, bytes / total);
    const done = Math.floor(share * BAR);
    const bar = `[${'#'.repeat(done)}${'.'.repeat(BAR - done)}]`;
    return `${bar} ${String(Math.floor(share * 100)).padStart(3)}%  ${said}`;
  };
  return {
    async *watch(input) {
      for await (const chunk of input) {
        bytes += chunk.length;
        yield chunk;
      }
    },
    show(spans) {
      if (!isShown || now() - shownAt < EVERY_MS) return;
      shownAt = now();
      const line = lineOf(spans);
      process.stderr.write(`\r${line.padEnd(width)}`);
      width = line.length;
    },
    clear() {
      if (width > 0) process.stderr.write(`\r${' '.repeat(width)}\r`);
      width = 0;
    },
  };
}
