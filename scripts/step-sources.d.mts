export interface StepParts {
  readonly files: readonly string[];
  readonly packages: readonly string[];
}
export function stepParts(): Record<string, StepParts>;
export function lockedVersions(): Record<string, string>;
export function stepSources(versions?: Record<string, string>): Record<string, string>;
export function recordedSources(): Record<string, string>;
