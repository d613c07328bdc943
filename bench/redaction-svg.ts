import type { calibration, ReviewCurve } from './redaction-score.js';

const [WIDTH, HEIGHT, MARGIN] = [460, 300, 44];
const COLOURS = ['#1b6ca8', '#c2571a', '#3b7d3b', '#7a4fa3', '#8a8a1f', '#a83250'];

type Point = readonly [x: number, y: number];

/** A chart of lines in the unit square of its axes, one of several beside each other. */
interface Panel {
  readonly title: string;
  readonly axes: readonly [x: string, y: string];
  /** Where the axes end. */
  readonly most: Point;
  readonly ticks: readonly [x: readonly number[], y: readonly number[]];
  readonly lines: readonly { readonly name: string; readonly points: readonly Point[] }[];
}

const fixed = (value: number): string => value.toFixed(1);
const percent = (value: number): string => `${String(Math.round(value * 100))}%`;

function label(at: Point, text: string, more = ''): string {
  return `<text x="${fixed(at[0])}" y="${fixed(at[1])}" ${more}>${text}</text>`;
}

function panelSvg({ title, axes, most, ticks, lines }: Panel): string {
  const x = (value: number): number =>
    MARGIN + (Math.min(value, most[0]) / most[0]) * (WIDTH - 2 * MARGIN);
  const y = (value: number): number =>
    HEIGHT - MARGIN - (Math.min(value, most[1]) / most[1]) * (HEIGHT - 2 * MARGIN);
  const drawn = lines.map(({ name, points }, at) => {
    const colour = COLOURS[at % COLOURS.length] ?? '';
    const path = points.map((point) => `${fixed(x(point[0]))},${fixed(y(point[1]))}`).join(' ');
    const key = label([WIDTH - 170, MARGIN + 15 * at], name, `fill="${colour}"`);
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${key}`;
  });
  const frame = `<path d="M${String(MARGIN)} ${String(MARGIN)}V${String(HEIGHT - MARGIN)}H${String(WIDTH - MARGIN)}" fill="none" stroke="#444"/>`;
  return [
    frame,
    ...ticks[0].map((value) => label([x(value) - 8, HEIGHT - MARGIN + 16], percent(value))),
    ...ticks[1].map((value) => label([6, y(value) + 4], percent(value))),
    label([WIDTH / 2 - 80, HEIGHT - 8], axes[0]),
    label([6, 34], axes[1]),
    label([6, 16], title, 'font-weight="bold"'),
    ...drawn,
  ].join('\n');
}

/** Panels in rows of two. */
function panelsSvg(panels: readonly Panel[]): string {
  const rows = Math.ceil(panels.length / 2);
  const body = panels.map((panel, at) => {
    const place = `translate(${String((at % 2) * WIDTH)} ${String(Math.floor(at / 2) * HEIGHT)})`;
    return `<g transform="${place}">\n${panelSvg(panel)}\n</g>`;
  });
  const size = `0 0 ${String(2 * WIDTH)} ${String(rows * HEIGHT)}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${size}" font-family="sans-serif" font-size="12">\n${body.join('\n')}\n</svg>\n`;
}

/** The review curves as a picture: share of words reviewed against the leak that is left, by type. */
export function curvesSvg(
  curves: Readonly<Record<string, Readonly<Record<string, ReviewCurve>>>>,
): string {
  const types = Object.keys(Object.values(curves)[0] ?? {});
  return panelsSvg(
    types.map((type) => ({
      title: type === 'all' ? 'all names' : type,
      axes: ['share of words reviewed', 'leak that is left'],
      most: [0.15, 0.3],
      ticks: [
        [0, 0.05, 0.1, 0.15],
        [0, 0.1, 0.2, 0.3],
      ],
      lines: Object.entries(curves).map(([name, byType]) => ({ name, points: byType[type] ?? [] })),
    })),
  );
}

/** How often a word is part of a name, against how probable that was said to be, by profile. */
export function reliabilitySvg(
  figures: Readonly<Record<string, ReturnType<typeof calibration>>>,
): string {
  const profiles = [...new Set(Object.keys(figures).map((name) => name.split(' ')[0] ?? ''))];
  const exact = {
    name: 'exact',
    points: [
      [0, 0],
      [1, 1],
    ],
  } as const;
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  return panelsSvg(
    profiles.map((profile) => ({
      title: `${profile}: reliability of P(name)`,
      axes: ['probability said', 'share that are names'],
      most: [1, 1],
      ticks: [ticks, ticks],
      lines: [
        ...Object.entries(figures)
          .filter(([name]) => name.startsWith(`${profile} `))
          .map(([name, { error, reliability }]) => ({
            name: `${name.slice(profile.length + 1)}, error ${(100 * error).toFixed(1)}%`,
            points: reliability.map((bin): Point => [bin.said, bin.true]),
          })),
        exact,
      ],
    })),
  );
}
