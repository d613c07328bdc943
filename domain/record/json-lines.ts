/** JSON Lines of values; each line ends in a newline. */
export function encodeLines(values: Iterable<unknown>): Uint8Array {
  let text = '';
  for (const value of values) text += `${JSON.stringify(value)}\n`;
  return Buffer.from(text, 'utf8');
}

/** Values of JSON Lines. @param keep tells from a line's text whether it is parsed at all */
export function decodeLines<T>(bytes: Uint8Array, keep?: (line: string) => boolean): T[] {
  return new TextDecoder('utf-8', { fatal: true })
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '' && keep?.(line) !== false)
    .map((line) => JSON.parse(line) as T);
}

const NEWLINE = 0x0a;

/** Values of the lines that hold `mark`, which is ASCII; the others are not even decoded. */
export function decodeLinesWith<T>(bytes: Uint8Array, mark: string): T[] {
  const input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const values: T[] = [];
  for (let at = input.indexOf(mark); at >= 0;) {
    const end = input.indexOf(NEWLINE, at);
    const to = end < 0 ? input.length : end;
    const line = input.subarray(input.lastIndexOf(NEWLINE, at) + 1, to);
    values.push(JSON.parse(decoder.decode(line)) as T);
    at = input.indexOf(mark, to);
  }
  return values;
}
