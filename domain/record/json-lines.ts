/** JSON Lines of values; each line ends in a newline. */
export function encodeLines(values: Iterable<unknown>): Uint8Array {
  let text = '';
  for (const value of values) text += `${JSON.stringify(value)}\n`;
  return Buffer.from(text, 'utf8');
}

export function decodeLines<T>(bytes: Uint8Array): T[] {
  return new TextDecoder('utf-8', { fatal: true })
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
