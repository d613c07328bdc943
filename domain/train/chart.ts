import type { CheckpointState } from '../../schemas/index.js';

const WIDTH = 720;
const PANEL = { left: 64, width: 640, height: 200 } as const;
const TICKS = 4;

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Line {
  readonly name: string;
  readonly color: string;
  readonly points: readonly Point[];
  readonly dots?: boolean;
}

interface Panel {
  readonly title: string;
  readonly top: number;
  readonly lines: readonly Line[];
  readonly lastStep: number;
  readonly words: (value: number) => string;
}

const fixed = (value: number) => value.toFixed(1);

function rangeOf(lines: readonly Line[]): readonly [number, number] {
  const values = lines.flatMap(({ points }) => points.map(({ y }) => y));
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (values.length === 0) return [0, 1];
  return least === most ? [least - 0.5, most + 0.5] : [least, most];
}

function panelSvg({ title, top, lines, lastStep, words }: Panel): string {
  const [least, most] = rangeOf(lines);
  const { left, width, height } = PANEL;
  const x = (step: number) => fixed(left + (width * step) / Math.max(1, lastStep));
  const y = (value: number) => fixed(top + height - (height * (value - least)) / (most - least));
  const ticks = Array.from({ length: TICKS + 1 }, (_, i) => least + ((most - least) * i) / TICKS);
  const grid = ticks.map(
    (value) =>
      `<path d="M${String(left)} ${y(value)}h${String(width)}" stroke="#ddd"/><text x="${String(left - 6)}" y="${y(value)}" text-anchor="end" dominant-baseline="middle">${words(value)}</text>`,
  );
  const steps = Array.from({ length: TICKS + 1 }, (_, i) => Math.round((lastStep * i) / TICKS)).map(
    (step) =>
      `<text x="${x(step)}" y="${String(top + height + 16)}" text-anchor="middle">${String(step)}</text>`,
  );
  const drawn = lines.map(({ color, points, dots }) => {
    const path = points.map((p, i) => `${i === 0 ? 'M' : 'L'}${x(p.x)} ${y(p.y)}`).join('');
    const marks = (dots === true ? points : []).map(
      (p) => `<circle cx="${x(p.x)}" cy="${y(p.y)}" r="3" fill="${color}"/>`,
    );
    return `<path d="${path}" fill="none" stroke="${color}" stroke-width="1.5"/>${marks.join('')}`;
  });
  const legend = lines.map(
    ({ name, color }, i) =>
      `<text x="${String(left + width)}" y="${String(top - 8 - 14 * (lines.length - 1 - i))}" text-anchor="end" fill="${color}">${name}</text>`,
  );
  const heading = `<text x="${String(left)}" y="${String(top - 8)}" font-weight="bold">${title}</text>`;
  return [heading, ...grid, ...steps, ...drawn, ...legend].join('\n');
}

/**
 * Loss and learning rate by optimizer step, as an SVG document. Holds numbers only, no script and
 * no reference; equal figures give equal bytes.
 */
export function trainingChart({ steps, evaluations }: CheckpointState): string {
  const lastStep = steps.at(-1)?.step ?? 0;
  const loss: Panel = {
    title: 'Loss per token (nats)',
    top: 44,
    lastStep,
    words: (value) => value.toFixed(2),
    lines: [
      {
        name: 'training',
        color: '#1f77b4',
        points: steps.map((row) => ({ x: row.step, y: row.loss })),
      },
      ...(evaluations.length === 0
        ? []
        : [
            {
              name: 'held out',
              color: '#d62728',
              dots: true,
              points: evaluations.map((row) => ({ x: row.step, y: row.heldOutLoss })),
            },
          ]),
    ],
  };
  const rate: Panel = {
    title: 'Learning rate by optimizer step',
    top: 320,
    lastStep,
    words: (value) => value.toExponential(1),
    lines: [
      {
        name: 'learning rate',
        color: '#2ca02c',
        points: steps.map((row) => ({ x: row.step, y: row.learningRate })),
      },
    ],
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${String(WIDTH)}" height="560" viewBox="0 0 ${String(WIDTH)} 560" font-family="sans-serif" font-size="11" fill="#333">
<rect width="100%" height="100%" fill="#fff"/>
${panelSvg(loss)}
${panelSvg(rate)}
</svg>
`;
}
