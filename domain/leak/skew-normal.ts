import { mean } from './mean.js';
import { normalCdf, normalDensity } from './special-functions.js';

/** Azzalini's skew-normal distribution: 2/scale phi(z) Phi(shape z), z = (x - location) / scale. */
export interface SkewNormal {
  readonly shape: number;
  readonly location: number;
  readonly scale: number;
}

function logCdf(x: number): number {
  // Below -37 the value itself underflows; its leading asymptotic term does not.
  if (x < -37) return -0.5 * x * x - Math.log(-x * Math.sqrt(2 * Math.PI));
  return Math.log(normalCdf(x));
}

function negativeLogLikelihood(
  values: readonly number[],
  [shape, location, logScale]: Point,
): number {
  const scale = Math.exp(logScale);
  let sum = values.length * (logScale - Math.LN2 + 0.5 * Math.log(2 * Math.PI));
  for (const value of values) {
    const z = (value - location) / scale;
    sum += 0.5 * z * z - logCdf(shape * z);
  }
  return sum;
}

type Point = readonly [number, number, number];

const combine = (a: Point, b: Point, weight: number): Point => [
  a[0] + weight * (b[0] - a[0]),
  a[1] + weight * (b[1] - a[1]),
  a[2] + weight * (b[2] - a[2]),
];

/** Nelder and Mead's simplex search (Computer Journal 1965) in three dimensions. */
function minimize(cost: (point: Point) => number, start: Point): Point {
  const corner = (index: number): Point =>
    start.map((value, at) => (at === index ? value + 0.5 : value)) as unknown as Point;
  let simplex = [start, corner(0), corner(1), corner(2)].map((point) => ({
    point,
    value: cost(point),
  }));
  const evaluated = (point: Point) => ({ point, value: cost(point) });
  for (let round = 0; round < 1000; round++) {
    simplex.sort((a, b) => a.value - b.value);
    const [best, second, third, worst] = simplex as [Vertex, Vertex, Vertex, Vertex];
    if (worst.value - best.value < 1e-12 * (1 + Math.abs(best.value))) break;
    const centre = combine(combine(best.point, second.point, 0.5), third.point, 1 / 3);
    const reflected = evaluated(combine(centre, worst.point, -1));
    let chosen = reflected;
    if (reflected.value < best.value) {
      const expanded = evaluated(combine(centre, worst.point, -2));
      if (expanded.value < reflected.value) chosen = expanded;
    } else if (reflected.value >= third.value) {
      const outside = reflected.value < worst.value;
      chosen = evaluated(combine(centre, worst.point, outside ? -0.5 : 0.5));
    }
    if (chosen.value < worst.value) simplex = [best, second, third, chosen];
    else
      simplex = [
        best,
        ...[second, third, worst].map(({ point }) => evaluated(combine(best.point, point, 0.5))),
      ];
  }
  simplex.sort((a, b) => a.value - b.value);
  return (simplex[0] as Vertex).point;
}

interface Vertex {
  readonly point: Point;
  readonly value: number;
}

/** The maximum-likelihood fit; searched from both skews, as the likelihood can have two peaks. */
export function fitSkewNormal(values: readonly number[]): SkewNormal {
  const center = mean(values);
  const deviation = Math.sqrt(mean(values.map((value) => (value - center) ** 2)));
  const standard = values.map((value) => (value - center) / deviation);
  const cost = (point: Point): number => negativeLogLikelihood(standard, point);
  const found = [-1, 1].map((shape) => minimize(cost, [shape, -0.5 * shape, 0.1]));
  const [shape, location, logScale] = found.reduce((a, b) => (cost(b) < cost(a) ? b : a));
  return { shape, location: center + deviation * location, scale: deviation * Math.exp(logScale) };
}

/** The distribution function, by Simpson's rule from x downwards: exact in the far lower tail. */
export function skewNormalCdf(x: number, { shape, location, scale }: SkewNormal): number {
  const top = (x - location) / scale;
  const steps = 4000;
  const reach = Math.max(14, top + 14);
  const step = reach / steps;
  let sum = 0;
  for (let index = 0; index <= steps; index++) {
    const z = top - index * step;
    const weight = index === 0 || index === steps ? 1 : index % 2 === 1 ? 4 : 2;
    sum += weight * 2 * normalDensity(z) * normalCdf(shape * z);
  }
  return Math.min(1, (sum * step) / 3);
}
