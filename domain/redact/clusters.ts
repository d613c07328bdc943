const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Characters below this join nothing and are joined to nothing, line ends aside. */
const FIRST_JOINER = 0x300;
const NEAR = 32;
/** How far back a run of marks or flags is followed to where its clusters begin. */
const MAX_RUN = 1024;
const GOES_ON = /[\p{M}\u200C\u200D\p{Extended_Pictographic}\p{Regional_Indicator}\uDC00-\uDFFF]/u;

/** Where the clusters around `at` can be told from: a character that begins one for certain. */
function windowStart(text: string, at: number): number {
  let start = Math.max(0, at - NEAR);
  const least = Math.max(0, at - MAX_RUN);
  while (start > least && GOES_ON.test(text.charAt(start) + text.charAt(start + 1))) start -= 1;
  return start;
}

/**
 * Where the grapheme cluster (UAX #29) that `at` cuts begins and ends; both are `at` where it cuts
 * none. A line end of two characters is no cluster here.
 */
export function clusterAround(
  text: string,
  at: number,
): { readonly start: number; readonly end: number } {
  const none = { start: at, end: at };
  if (at <= 0 || at >= text.length) return none;
  if (text.charCodeAt(at) < FIRST_JOINER && text.charCodeAt(at - 1) < FIRST_JOINER) return none;
  const from = windowStart(text, at);
  let to = at + NEAR;
  while (to < Math.min(text.length, at + MAX_RUN) && GOES_ON.test(text.charAt(to))) to += 1;
  const cluster = segmenter.segment(text.slice(from, to)).containing(at - from);
  if (cluster === undefined || cluster.index === at - from) return none;
  const start = from + cluster.index;
  return { start, end: start + cluster.segment.length };
}
