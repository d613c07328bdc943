import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

interface PackageJson {
  readonly version: string;
}

/** The package's version, for StepRun; never part of a memo key. */
export function codeVersion(): string {
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      const text = readFileSync(new URL(up, import.meta.url), 'utf8');
      return `custos ${(JSON.parse(text) as PackageJson).version}`;
    } catch {
      // Two layouts: the sources, and dist one level deeper.
    }
  }
  return 'custos unknown';
}

/** Facts of this process that a reader of the evidence may ask for. */
export function environmentFacts(): Readonly<Record<string, string>> {
  return {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpu: cpus()[0]?.model ?? 'unknown',
  };
}
