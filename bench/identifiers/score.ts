import { drawFrom } from './draw.js';
import type { IdentifierCase } from './generate.js';

export interface Found {
  readonly start: number;
  readonly end: number;
  readonly type: string;
}

type Counts = readonly [hit: number, found: number, gold: number];
/** By type, what one case adds. */
type Row = ReadonlyMap<string, Counts>;

export const f1Of = ([hit, found, gold]: Counts): number =>
  found + gold === 0 ? 1 : (2 * hit) / (found + gold);

const keyOf = ({ start, end, type }: Found): string => `${type} ${String(start)} ${String(end)}`;

function rowOf({ gold }: IdentifierCase, found: readonly Found[]): Row {
  const row = new Map<string, [number, number, number]>();
  const own = (type: string): [number, number, number] => {
    const counts = row.get(type) ?? [0, 0, 0];
    row.set(type, counts);
    return counts;
  };
  const wanted = new Set(gold.map(keyOf));
  for (const { type } of gold) own(type)[2] += 1;
  for (const span of found) {
    own(span.type)[1] += 1;
    if (wanted.has(keyOf(span))) own(span.type)[0] += 1;
  }
  return row;
}

function sumOf(rows: readonly Row[], types: ReadonlySet<string>): Map<string, Counts> {
  const sums = new Map<string, Counts>([...types].map((type) => [type, [0, 0, 0]]));
  for (const row of rows) {
    for (const [type, [hit, found, gold]] of row) {
      const sum = sums.get(type);
      if (sum !== undefined) sums.set(type, [sum[0] + hit, sum[1] + found, sum[2] + gold]);
    }
  }
  return sums;
}

const overall = (sums: ReadonlyMap<string, Counts>): Counts =>
  [...sums.values()].reduce<Counts>((a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]], [0, 0, 0]);

/** The mean of the types' F1, each counting the same. */
const mean = (sums: ReadonlyMap<string, Counts>): number =>
  [...sums.values()].reduce((total, counts) => total + f1Of(counts), 0) / Math.max(1, sums.size);

const ROUNDS = 500;

/** 95% percentile bootstrap over cases. */
function intervals(rows: readonly Row[], types: ReadonlySet<string>) {
  const draw = drawFrom(7);
  const draws = Array.from({ length: ROUNDS }, () =>
    sumOf(
      rows.map(() => draw.pick(rows)),
      types,
    ),
  );
  return (figure: (sums: ReadonlyMap<string, Counts>) => number): [number, number] => {
    const values = draws.map(figure).sort((a, b) => a - b);
    return [values[Math.floor(ROUNDS * 0.025)] ?? 0, values[Math.floor(ROUNDS * 0.975)] ?? 0];
  };
}

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** Share of the marked letters and digits that no span of any type covers, and spans that touch no mark. */
function coverage(cases: readonly IdentifierCase[], found: readonly (readonly Found[])[]) {
  let [marked, open, excess] = [0, 0, 0];
  cases.forEach(({ text, gold }, at) => {
    const spans = found[at] ?? [];
    for (const { start, end } of gold) {
      for (let unit = start; unit < end; unit += 1) {
        if (!LETTER_OR_DIGIT.test(text.charAt(unit))) continue;
        marked += 1;
        if (!spans.some((span) => span.start <= unit && unit < span.end)) open += 1;
      }
    }
    excess += spans.filter((span) =>
      gold.every(({ start, end }) => end <= span.start || span.end <= start),
    ).length;
  });
  return { leak: marked === 0 ? 0 : open / marked, excess };
}

/**
 * Exact-span typed F1: a span counts where start, end and type are those of the case; anything else
 * that is found anywhere, in whatever case, is false.
 * @param types those that are counted; spans of others are passed over
 */
export function scoreIdentifiers(
  cases: readonly IdentifierCase[],
  found: readonly (readonly Found[])[],
  types: readonly string[],
) {
  const wanted = new Set(types);
  const rows = cases.map((one, at) => rowOf(one, found[at] ?? []));
  const sums = sumOf(rows, wanted);
  const interval = intervals(rows, wanted);
  return {
    f1: f1Of(overall(sums)),
    f1Interval: interval((drawn) => f1Of(overall(drawn))),
    ...coverage(cases, found),
    meanOfTypes: mean(sums),
    meanOfTypesInterval: interval(mean),
    byType: Object.fromEntries(
      [...sums].map(([type, counts]) => [
        type,
        {
          f1: f1Of(counts),
          f1Interval: interval((drawn) => f1Of(drawn.get(type) ?? [0, 0, 0])),
          precision: counts[1] === 0 ? 1 : counts[0] / counts[1],
          recall: counts[2] === 0 ? 1 : counts[0] / counts[2],
        },
      ]),
    ),
  };
}
