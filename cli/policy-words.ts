import type { PolicyDifference } from '../policies/index.js';
import { table } from './app.js';
import type { LoadedPolicy } from './load-policy.js';

type Demand = NonNullable<LoadedPolicy['chain'][number]['document']['demands']>[number];

/** What a pack and its parents answer to, nearest first. */
export function demandsOf({ chain }: LoadedPolicy): readonly Demand[] {
  return chain.flatMap(({ document }) => document.demands ?? []);
}

/** Settings that a pack further down may only make stricter. */
export function locksOf({ chain }: LoadedPolicy): readonly string[] {
  return [...new Set(chain.flatMap(({ document }) => document.locked ?? []))].toSorted();
}

/** The demands that are not met in full, each with what is missing. */
export function describeGaps(demands: readonly Demand[]): readonly string[] {
  return demands
    .filter(({ covered }) => covered !== 'yes')
    .map(({ source, covered, note }) => {
      const what = covered === 'no' ? 'not covered' : 'covered in part';
      return `  ${source}: ${what}${note === undefined ? '' : `. ${note}`}`;
    });
}

const shown = (value: unknown): string => (value === undefined ? '-' : JSON.stringify(value));

/** A difference a line, the stricter side marked. */
export function describeDifferences(
  names: readonly [left: string, right: string],
  differences: readonly PolicyDifference[],
  steps: readonly string[],
): string {
  if (differences.length === 0) return `${names[0]} and ${names[1]} do not differ`;
  const [left, right] = names;
  const stricter = { left, right, undecided: '-' } as const;
  const rows = differences.map((row) => [
    row.pointer,
    shown(row.left),
    shown(row.right),
    stricter[row.stricter],
  ]);
  return [
    table([['setting', left, right, 'stricter'], ...rows]),
    '',
    'these steps run again, and later ones where their results differ:',
    ...steps.map((step) => `  ${step}`),
  ].join('\n');
}
