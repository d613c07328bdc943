/** What may be shown of an answer after one more token. */
export interface Shown {
  /** Text that follows what was shown before. */
  readonly text: string;
  /** A stop string has come; nothing follows. */
  readonly done: boolean;
}

export interface TextStream {
  push(token: number): Shown;
  /** What was held back, once the last token has come. */
  rest(): string;
}

/** How much of the end of `text` may be the beginning of a stop string, at most. */
function heldBack(text: string, stops: readonly string[]): number {
  let most = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > most; length--) {
      if (text.endsWith(stop.slice(0, length))) most = length;
    }
  }
  return most;
}

/**
 * Turns tokens into text as they come, without the stop string and what follows it: holds back what
 * may still become a stop string, half a character, and the blanks at both ends of an answer.
 * @param decode text of all tokens so far
 */
export function createTextStream(
  decode: (ids: readonly number[]) => string,
  stops: readonly string[],
): TextStream {
  const ids: number[] = [];
  let shown = '';
  let ended = false;
  const show = (text: string): string => {
    if (!text.startsWith(shown)) return '';
    const more = text.slice(shown.length);
    shown = text;
    return more;
  };
  const whole = () => decode(ids).trimStart();
  const untilStop = (text: string): number => {
    const places = stops.map((stop) => text.indexOf(stop)).filter((place) => place >= 0);
    return Math.min(text.length, ...places);
  };
  return {
    push: (token) => {
      if (ended) return { text: '', done: true };
      ids.push(token);
      const text = whole();
      const end = untilStop(text);
      ended = end < text.length;
      const safe = ended ? text.slice(0, end) : text.slice(0, text.length - heldBack(text, stops));
      return { text: show(safe.replace(/[\s\uFFFD]+$/u, '')), done: ended };
    },
    rest: () => {
      const text = whole();
      return show(text.slice(0, untilStop(text)).trimEnd());
    },
  };
}
