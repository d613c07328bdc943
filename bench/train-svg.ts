interface Bar {
  readonly name: string;
  readonly cpuMilliseconds: number;
  readonly mebibytes: number;
}

const [ROW, LABEL, PANEL, TOP] = [24, 230, 260, 40];

/** One panel of horizontal bars with their values; shorter is better. */
function panel(bars: readonly Bar[], left: number, title: string, value: (bar: Bar) => number) {
  const most = Math.max(...bars.map(value));
  const drawn = bars.map((bar, i) => {
    const width = ((PANEL - 60) * value(bar)) / most;
    const y = TOP + i * ROW;
    const colour = bar.name.startsWith('torch') ? '#888' : '#1b6ca8';
    const number = value(bar) < 100 ? value(bar).toFixed(2) : value(bar).toFixed(0);
    return [
      `<rect x="${String(left)}" y="${String(y)}" width="${width.toFixed(1)}" height="16" fill="${colour}"/>`,
      `<text x="${(left + width + 4).toFixed(1)}" y="${String(y + 12)}">${number}</text>`,
    ].join('');
  });
  return [`<text x="${String(left)}" y="${String(TOP - 14)}">${title}</text>`, ...drawn];
}

/** CPU time a token and peak memory of every contender, as a picture. */
export function barsSvg(bars: readonly Bar[]): string {
  const [width, height] = [LABEL + 2 * PANEL + 20, TOP + bars.length * ROW + 10];
  const names = bars.map(
    ({ name }, i) => `<text x="8" y="${String(TOP + i * ROW + 12)}">${name}</text>`,
  );
  const body = [
    ...names,
    ...panel(bars, LABEL, 'CPU milliseconds a token', (bar) => bar.cpuMilliseconds),
    ...panel(bars, LABEL + PANEL + 10, 'peak memory, MiB', (bar) => bar.mebibytes),
  ].join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" font-family="sans-serif" font-size="12">\n${body}\n</svg>\n`;
}
