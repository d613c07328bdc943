import type { SizeFigures } from './pipeline-figures.js';

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly (readonly [records: number, value: number])[];
}

interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly Line[];
  /** Both ends of the axis, as powers of ten. */
  readonly decades: readonly [number, number];
  /** Where the panel's left edge is. */
  readonly left: number;
}

const [WIDTH, HEIGHT, TOP, BOTTOM] = [900, 380, 56, 332];
const PANEL_WIDTH = 330;
const text = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${words}</text>`;
const short = (value: number): string =>
  value >= 1e6
    ? `${String(value / 1e6)}M`
    : value >= 1000
      ? `${String(value / 1000)}k`
      : String(value);

/** A panel with both axes logarithmic: what grows as the records do is as steep as the grey line. */
function drawPanel({ title, unit, lines, decades, left }: Panel, sizes: readonly number[]): string {
  const [low, high] = [
    Math.floor(Math.log10(Math.min(...sizes))),
    Math.ceil(Math.log10(Math.max(...sizes))),
  ];
  const x = (records: number): number =>
    left + ((Math.log10(records) - low) / Math.max(1, high - low)) * PANEL_WIDTH;
  const y = (value: number): number =>
    BOTTOM - ((Math.log10(value) - decades[0]) / (decades[1] - decades[0])) * (BOTTOM - TOP);
  const path = (points: Line['points']): string =>
    points.map(([records, value]) => `${x(records).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const drawn = lines.flatMap(({ name, colour, points }, at) => [
    `<polyline points="${path(points)}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...points.map(
      ([records, value]) =>
        `<circle cx="${x(records).toFixed(1)}" cy="${y(value).toFixed(1)}" r="3" fill="${colour}"/>`,
    ),
    text(left + 8, TOP + 14 + 16 * at, name, `fill="${colour}"`),
  ]);
  const marks = Array.from({ length: decades[1] - decades[0] + 1 }, (_, at) => {
    const value = 10 ** (decades[0] + at);
    return text(left - 6, y(value) + 4, short(value), 'text-anchor="end"');
  });
  const ticks = Array.from({ length: high - low + 1 }, (_, at) =>
    text(x(10 ** (low + at)), BOTTOM + 18, short(10 ** (low + at)), 'text-anchor="middle"'),
  );
  const axes = `<path d="M${String(left)} ${String(TOP)}V${String(BOTTOM)}h${String(PANEL_WIDTH)}" fill="none" stroke="#444"/>`;
  return [
    text(left, TOP - 14, `${title} (${unit})`, 'font-weight="bold"'),
    axes,
    ...marks,
    ...ticks,
    ...drawn,
  ].join('\n');
}

const all = ({ workers, temporal, store }: SizeFigures['runs'][number]['cpuSeconds']): number =>
  workers + temporal + store;

/** CPU seconds and memory over the number of records, one worker against the plain stream. */
export function pipelineSvg(results: readonly SizeFigures[]): string {
  const sizes = results.map(({ records }) => records);
  const line = (
    name: string,
    colour: string,
    of: (size: SizeFigures) => number | undefined,
  ): Line => ({
    name,
    colour,
    points: results.flatMap((size) => {
      const value = of(size);
      return value === undefined || value <= 0 ? [] : [[size.records, value] as const];
    }),
  });
  const single = (size: SizeFigures) => size.runs.find(({ workers }) => workers === 1);
  const first = results.find((size) => size.plain !== undefined);
  const linear = (size: SizeFigures): number | undefined =>
    first && ((first.plain?.['cpuSeconds'] ?? 0) / first.records) * size.records;
  const cpu: Panel = {
    title: 'Ingest to minimize, one worker',
    unit: 'CPU seconds',
    decades: [0, 4],
    left: 60,
    lines: [
      line('pipeline with Temporal and store', '#1b6ca8', (size) => {
        const run = single(size);
        return run && all(run.cpuSeconds);
      }),
      line('its worker alone', '#3b7d3b', (size) => single(size)?.cpuSeconds.workers),
      line('plain stream', '#c2571a', (size) => size.plain?.['cpuSeconds']),
      line('proportional to the records', '#999999', linear),
    ],
  };
  const memory: Panel = {
    title: 'Peak resident memory',
    unit: 'MB',
    decades: [1, 4],
    left: 520,
    lines: [
      line('worker', '#3b7d3b', (size) => single(size)?.peakRssMb[0]),
      line('plain stream, which holds all records', '#c2571a', (size) => size.plain?.['peakRssMb']),
    ],
  };
  const body = [cpu, memory].map((panel) => drawPanel(panel, sizes)).join('\n');
  const axis = text(WIDTH / 2, HEIGHT - 8, 'records', 'text-anchor="middle"');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(HEIGHT)}" font-family="sans-serif" font-size="12">\n${body}\n${axis}\n</svg>\n`;
}
