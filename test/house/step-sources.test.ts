import { expect, it } from 'vitest';
import { recordedSources, stepSources } from '../../scripts/step-sources.mjs';

it('every step whose sources changed has a new version', async () => {
  const recorded = recordedSources();
  const current = await stepSources();
  expect(Object.keys(current).length).toBeGreaterThan(15);
  const changed = Object.entries(current)
    .filter(([name, digest]) => recorded[name] !== digest)
    .map(([name]) => name);
  expect(
    changed,
    'raise the version of these steps in policies/steps.ts and run "npm run steps" (CONTRIBUTING.md, "change a step")',
  ).toEqual([]);
});
