// A style of the terminal takes no room on the line and goes on behind its end.
const STYLE = /\u001B\[[\d;]*m/y;
const RESET = '\u001B[0m';

const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;
const NO_WIDTH = /\p{M}/u;

const widthOf = (char: string): number => (NO_WIDTH.test(char) ? 0 : WIDE.test(char) ? 2 : 1);

interface Piece {
  readonly text: string;
  readonly width: number;
}

/** A line as styles and characters, each with the columns that it takes. */
function* piecesOf(line: string): Generator<Piece> {
  for (let at = 0; at < line.length;) {
    STYLE.lastIndex = at;
    const style = STYLE.exec(line)?.[0];
    const text = style ?? String.fromCodePoint(line.codePointAt(at) ?? 0);
    yield { text, width: style === undefined ? widthOf(text) : 0 };
    at += text.length;
  }
}

const isStyle = ({ text }: Piece): boolean => text.length > 1 && text.startsWith('\u001B');

/** Where a full line is broken: behind its last space, or at its end where it has none. */
function breakOf(line: readonly Piece[]): number {
  const space = line.findLastIndex(({ text }) => text === ' ');
  return space > 0 ? space + 1 : line.length;
}

/**
 * Lines of at most `columns` columns, broken at spaces where there are any; nothing of the text is
 * lost, and a style ends with its line and is taken up by the next.
 */
export function wrapText(text: string, columns: number): readonly string[] {
  return text.split('\n').flatMap((whole) => {
    const lines: string[] = [];
    let line: Piece[] = [];
    let style = '';
    const close = (count: number) => {
      const taken = line.slice(0, count);
      const before = style;
      for (const piece of taken) if (isStyle(piece)) style = piece.text === RESET ? '' : piece.text;
      lines.push(before + taken.map((piece) => piece.text).join('') + (style === '' ? '' : RESET));
      line = line.slice(count);
    };
    for (const piece of piecesOf(whole.replaceAll('\t', '    '))) {
      const width = line.reduce((sum, one) => sum + one.width, 0);
      if (line.length > 0 && width + piece.width > columns) close(breakOf(line));
      line.push(piece);
    }
    close(line.length);
    return lines;
  });
}

export interface Page {
  readonly lines: readonly string[];
  readonly pages: number;
  /** The first and last line shown, from 1, and how many there are. */
  readonly from: number;
  readonly to: number;
  readonly of: number;
}

/** One page of lines. */
export function pageOf(lines: readonly string[], rows: number, page: number): Page {
  const room = Math.max(1, rows);
  const pages = Math.max(1, Math.ceil(lines.length / room));
  const start = Math.min(page, pages - 1) * room;
  const shown = lines.slice(start, start + room);
  return { lines: shown, pages, from: start + 1, to: start + shown.length, of: lines.length };
}
