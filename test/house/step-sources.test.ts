import { describe, expect, it } from 'vitest';
import {
  lockedVersions,
  recordedSources,
  stepParts,
  stepSources,
} from '../../scripts/step-sources.mjs';

const changedFrom = (recorded: Record<string, string>, current: Record<string, string>) =>
  Object.keys(current).filter((name) => recorded[name] !== current[name]);

it('every step whose sources, ports or packages changed has a new version', () => {
  const current = stepSources();
  expect(Object.keys(current).length).toBeGreaterThan(15);
  expect(
    changedFrom(recordedSources(), current),
    'raise the version of these steps in policies/steps.ts and run "npm run steps", or vouch for equal results with "npm run steps -- --same-results STEP" (CONTRIBUTING.md, "change a step")',
  ).toEqual([]);
});

describe('what decides the results of', () => {
  const parts = stepParts();
  const versions = lockedVersions();

  it.each([
    ['ingest', 'infra/sources/', []],
    ['redact.shard', 'infra/redaction/', ['compromise', 'onnxruntime-node']],
    ['tokenize.shard', 'domain/tokenize/', ['@huggingface/tokenizers', '@huggingface/jinja']],
    ['train', 'infra/compute/', ['@tensorflow/tfjs', 'onnxruntime-node']],
    ['audit', 'infra/compute/', ['@tensorflow/tfjs', 'compromise']],
    ['release', 'policies/release-gate.ts', ['canonicalize']],
  ] as const)('%s holds %s and %j', (step, file, packages) => {
    const found = Object.entries(parts).find(([name]) => name.startsWith(`custos.${step}.v`))?.[1];
    expect(found?.files.some((path) => path.startsWith(file))).toBe(true);
    expect(found?.packages).toEqual(expect.arrayContaining([...packages]));
  });

  it('every step has only packages with a locked version', () => {
    const packages = Object.values(parts).flatMap((one) => one.packages);
    expect(packages.filter((name) => versions[name] === undefined)).toEqual([]);
  });

  it('a step changes with the version of a package that it uses, and of no other', () => {
    const changed = changedFrom(stepSources(), stepSources({ ...versions, compromise: '0.0.0' }));
    const uses = Object.keys(parts).filter((name) => parts[name]?.packages.includes('compromise'));
    expect(changed).toEqual(uses);
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.length).toBeLessThan(Object.keys(parts).length);
  });
});
