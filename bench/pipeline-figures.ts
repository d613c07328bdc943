import type { RunFigures, StageFigures } from './pipeline-run.js';

export type PlainFigures = Readonly<Record<string, number>>;

/** A run with what it was divided by. */
export interface MeasuredRun extends Omit<RunFigures, 'stages'> {
  readonly workers: number;
  readonly store: 's3' | 'files';
  readonly commit: string;
  /** Of the machine over the last fifteen minutes: others worked on it too. */
  readonly load: number;
  readonly stages: readonly (StageFigures & {
    readonly recordsPerSecond: number;
    readonly mbPerSecond: number;
  })[];
}

/** All that was measured with so many records. */
export interface SizeFigures {
  readonly records: number;
  readonly megabytes: number;
  readonly hash?: PlainFigures;
  readonly plain?: PlainFigures;
  readonly exactDeduplication?: PlainFigures;
  readonly runs: readonly MeasuredRun[];
}
