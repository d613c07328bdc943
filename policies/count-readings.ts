/** More ways than anybody needs; counting stops there. */
const MANY = 1_000_000;

const capped = (ways: number): number => Math.min(MANY, ways);

/** A fault of a format: what stands at `at`, a UTF-16 offset, is not taken. */
class FormatError extends Error {
  constructor(
    readonly at: number,
    readonly what: string,
  ) {
    super(`${what} at character ${String(at + 1)}`);
    this.name = 'FormatError';
  }
}

const REPEAT = /\{(\d{1,3})(?:,(\d{1,3}))?\}|\?/y;
const ATOM =
  /\\(?:[dw]|p\{L[ul]?\}|p\{N\}|[^\p{L}\p{N}])|\[\^?(?:\\.|[^\]\\]){1,100}\]|[^\\[\](){}|*+?.^$]/uy;

/** Sum of `ways` to the power of each number of repeats. */
function repeated(ways: number, from: number, to: number): number {
  let sum = 0;
  for (let times = from; times <= to; times += 1) sum = capped(sum + capped(ways ** times));
  return sum;
}

/**
 * In how many ways a format can read one text: the most steps that a search spends at one place. Takes
 * letters, escapes, classes, groups, alternatives, `?` and `{n}` or `{n,m}`, and nothing else, so that
 * every format is a bounded one and a text is searched in linear time.
 * @throws FormatError
 */
export function countReadings(format: string): number {
  let at = 0;
  const take = (shape: RegExp): RegExpExecArray | null => {
    shape.lastIndex = at;
    const found = shape.exec(format);
    if (found !== null) at += found[0].length;
    return found;
  };
  const atom = (): number => {
    if (!format.startsWith('(', at)) {
      if (take(ATOM) === null)
        throw new FormatError(at, `${JSON.stringify(format.charAt(at))} is not taken`);
      return 1;
    }
    at += format.startsWith('(?:', at) ? 3 : 1;
    if (format.startsWith('?', at)) throw new FormatError(at, 'a look-around or named group');
    const ways = alternatives();
    if (!format.startsWith(')', at)) throw new FormatError(at, 'a group that does not end');
    at += 1;
    return ways;
  };
  const sequence = (): number => {
    let ways = 1;
    while (at < format.length && !'|)'.includes(format.charAt(at))) {
      const one = atom();
      const repeat = take(REPEAT);
      const from = repeat === null ? 1 : Number(repeat[1] ?? 0);
      const to = repeat === null ? 1 : Number(repeat[2] ?? repeat[1] ?? 1);
      if (to < from) throw new FormatError(at, 'a repeat whose end is below its start');
      ways = capped(ways * repeated(one, from, to));
    }
    return ways;
  };
  function alternatives(): number {
    let ways = sequence();
    while (format.startsWith('|', at)) {
      at += 1;
      ways = capped(ways + sequence());
    }
    return ways;
  }
  const ways = alternatives();
  if (at < format.length)
    throw new FormatError(at, `${JSON.stringify(format.charAt(at))} is not taken`);
  return ways;
}
