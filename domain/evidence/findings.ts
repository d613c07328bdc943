import { SchemaError, type VerificationReport } from '../../schemas/index.js';
import { LineageError } from '../lineage/errors.js';

export type CheckResult = VerificationReport['checks'][number];

/** What is wrong, and the file of the bundle that is at fault. */
export type Finding = Readonly<CheckResult['findings'][number]>;

/** A finding from an error. Ours say nothing of a file's content; of others only the kind is kept. */
export function findingOf(file: string, error: unknown): Finding {
  const ours = error instanceof LineageError || error instanceof SchemaError;
  const kind = error instanceof Error ? error.name : 'error';
  return { file, problem: ours ? error.message : `cannot be checked (${kind})` };
}

/** Runs a check of one file; what it throws is a finding about that file. */
export function attempt(
  file: string,
  run: () => readonly Finding[] | undefined,
): readonly Finding[] {
  try {
    return run() ?? [];
  } catch (error) {
    return [findingOf(file, error)];
  }
}

/** One finding unless `holds`. */
export function unless(holds: boolean, file: string, problem: string): readonly Finding[] {
  return holds ? [] : [{ file, problem }];
}
