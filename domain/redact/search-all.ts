/**
 * Calls `take` for every match of a global expression, as `matchAll` would give them; that makes the
 * expression anew for each text, which costs more than most searches.
 */
export function searchAll(
  regex: RegExp,
  text: string,
  take: (match: RegExpExecArray) => void,
): void {
  regex.lastIndex = 0;
  for (let match = regex.exec(text); match !== null; match = regex.exec(text)) {
    const end = regex.lastIndex;
    take(match);
    const width = regex.unicode && (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
    regex.lastIndex = match[0] === '' ? end + width : end;
  }
}
