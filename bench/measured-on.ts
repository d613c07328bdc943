import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

/** What figures are worth nothing without: the machine and the commit. */
export function measuredOn() {
  return {
    machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version },
    commit: execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim(),
  };
}
