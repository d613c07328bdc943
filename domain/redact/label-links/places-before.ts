import type { Label } from './find-labels.js';

const MOST_CHARS = 64;
const MOST_TOKENS = 6;
/** `as the`, `is my new`, `entered as`, `→ recorded as`. */
const OWNED =
  /["'’”\x60)\]]{0,2}(?: ?[,→])?(?: (?:entered|recorded|noted|listed|stored|saved|registered|given|used|shown))?(?: as (?!the|my|your|his|her|our|their|its)| (?:(?:as|is|was|being) )?(?:still )?(?:the|my|your|his|her|our|their|its)(?: (?:right|correct|new|old|current|wrong|valid))? )$/i;
/** `X1 in the field "`, `X1 dans la case « `. */
const IN_FIELD =
  /["'’”\x60)\]]{0,2} (?:in|into|under|as|dans|sous|im|in das|unter|als|en|nel) (?:(?:the|la|le|el|il|das|dem) )?(?:field|box|column|cell|case|champ|feld|spalte|campo|casilla|casella)? ?["'«„“] ?$/i;
/** `X1, that is the`. */
const TOLD =
  /["'’”\x60)\]]{0,2}(?: \p{L}{1,8}){0,2}[?.!,]? (?:that|this|it|which)(?:['’]s| is| was) (?:the|my|your|his|her|our|their|its) $/iu;
const OPENED = /["'’”\x60]?[ \t]{0,2}[([]["'“\x60]?$/;
/** `)`, `, read out over the phone)`. */
const CLOSED = /^["'”\x60]?(?:, [^()[\]\n]{1,60})?[)\]]/;

/** A stretch that ends where a value before its label has to end, and the places where it may begin. */
export interface Before {
  readonly starts: readonly number[];
  readonly end: number;
}

/** Starts of the words of the line before `end`, farthest first. */
function startsBefore(text: string, end: number): number[] {
  const from = Math.max(0, end - MOST_CHARS);
  const line = from + text.slice(from, end).lastIndexOf('\n') + 1;
  const starts: number[] = [];
  for (let at = end - 1; at >= line && starts.length < MOST_TOKENS; at -= 1) {
    const inside = at > 0 && /[\p{L}\p{N}_.-]/u.test(text.charAt(at - 1));
    if (!inside && /[\p{L}\p{N}@]/u.test(text.charAt(at))) starts.unshift(at);
  }
  return starts;
}

/** What the text before a label has to end in for any of the links, so that few are tried in full. */
const MAY_LINK =
  /(?:["'«„“([]|(?<!\p{L})(?:as|the|my|your|his|her|our|their|its|right|correct|new|old|current|wrong|valid)) ?$/iu;

/** Where the value of a label may stand before it: `X1 as the member ID`, `X1 (member ID)`. */
export function placesBefore(text: string, { start, end }: Label<unknown>): Before | undefined {
  if (!MAY_LINK.test(text.slice(Math.max(0, start - 10), start))) return undefined;
  const before = text.slice(Math.max(0, start - MOST_CHARS), start);
  const closed = CLOSED.test(text.slice(end, end + 66));
  const link =
    TOLD.exec(before) ??
    IN_FIELD.exec(before) ??
    OWNED.exec(before) ??
    (closed ? OPENED.exec(before) : null);
  if (link === null) return undefined;
  const valueEnd = start - link[0].length;
  return { starts: startsBefore(text, valueEnd), end: valueEnd };
}
