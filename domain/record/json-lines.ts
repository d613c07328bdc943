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
