type Curve = readonly (readonly [share: number, leak: number])[];

const [WIDTH, HEIGHT, MARGIN] = [560, 360, 48];
const [MAX_SHARE, MAX_LEAK] = [0.15, 0.3];
const COLOURS = ['#1b6ca8', '#c2571a', '#3b7d3b', '#7a4fa3', '#8a8a1f', '#a83250'];

const x = (share: number): number => MARGIN + (share / MAX_SHARE) * (WIDTH - 2 * MARGIN);
const y = (leak: number): number =>
  HEIGHT - MARGIN - (Math.min(leak, MAX_LEAK) / MAX_LEAK) * (HEIGHT - 2 * MARGIN);
const fixed = (value: number): string => value.toFixed(1);

function label(at: readonly [number, number], text: string, more = ''): string {
  return `<text x="${fixed(at[0])}" y="${fixed(at[1])}" ${more}>${text}</text>`;
}

/** The review curves as a picture: share of words reviewed against the leak that is left. */
export function curvesSvg(curves: Readonly<Record<string, Curve>>): string {
  const lines = Object.entries(curves).map(([name, points], at) => {
    const colour = COLOURS[at % COLOURS.length] ?? '';
    const path = points.map(([share, leak]) => `${fixed(x(share))},${fixed(y(leak))}`).join(' ');
    const key = label([WIDTH - 200, MARGIN + 16 * at], name, `fill="${colour}"`);
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${key}`;
  });
  const ticks = [0, 0.05, 0.1, 0.15].map((share) =>
    label([x(share) - 8, HEIGHT - MARGIN + 18], `${String(Math.round(share * 100))}%`),
  );
  const marks = [0, 0.1, 0.2, 0.3].map((leak) =>
    label([8, y(leak) + 4], `${String(Math.round(leak * 100))}%`),
  );
  const axes = `<path d="M${String(MARGIN)} ${String(MARGIN)}V${String(HEIGHT - MARGIN)}H${String(WIDTH - MARGIN)}" fill="none" stroke="#444"/>`;
  const titles = [
    label([WIDTH / 2 - 90, HEIGHT - 8], 'share of words reviewed'),
    label([8, 20], 'leak that is left'),
  ];
  const body = [axes, ...ticks, ...marks, ...titles, ...lines].join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(HEIGHT)}" font-family="sans-serif" font-size="12">\n${body}\n</svg>\n`;
}
