/** A range of a text, and what is put in its place. */
export type Edit = readonly [start: number, end: number, text: string];

/** The text with ranges, in order and without overlap, replaced. */
export function edited(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const [start, end, put] of edits) {
    parts.push(text.slice(from, start), put);
    from = end;
  }
  parts.push(text.slice(from));
  return parts.join('');
}
