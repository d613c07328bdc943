import { setTimeout as sleep } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StepSpec } from '../policies/index.js';
import type { ArtifactRef, StepRequest, StepResult } from '../schemas/index.js';
import { openTestInstallation, type TestInstallation } from '../test/support/runtime.js';
import type { Executor } from './context.js';
import { stepActivity } from './edge.js';

const SPEC: StepSpec = {
  name: 'custos.example.v1',
  kind: 'pure',
  scope: 'stage',
  queue: 'control',
  policy: [],
  startToCloseMinutes: 1,
};

let installation: TestInstallation;
let policy: ArtifactRef;

beforeAll(async () => {
  installation = await openTestInstallation();
  const options = { class: 'evidence', mediaType: 'application/json', project: 'demo' } as const;
  policy = await installation.stores.artifacts.put(Buffer.from('{}'), options);
});
afterAll(() => installation.close());

function run(name: string, executor: Executor): Promise<StepResult> {
  const params = { name };
  const request: StepRequest = { runId: 'run', project: 'demo', params, inputs: {}, policy };
  const activity = stepActivity(installation.runtime, SPEC, executor);
  return new MockActivityEnvironment().run(activity, request);
}

async function memoized(): Promise<number> {
  let count = 0;
  for await (const _ of installation.stores.memo.list('')) count += 1;
  return count;
}

describe('progress', () => {
  it('is told at once, then so often as somebody hears of it, the last of a burst too', async () => {
    const told: unknown[] = [];
    const environment = new MockActivityEnvironment();
    environment.on('heartbeat', (detail: unknown) => told.push(detail));
    const activity = stepActivity(installation.runtime, SPEC, async (context) => {
      for (let records = 1; records <= 100; records += 1) context.heartbeat({ records });
      await sleep(500);
      context.heartbeat({ records: 200 });
      return { outputs: {} };
    });
    const request = {
      runId: 'run',
      project: 'demo',
      params: { name: 'beats' },
      inputs: {},
      policy,
    };
    await environment.run(activity, request);
    expect(told).toMatchObject([{ records: 1 }, { records: 100 }, { records: 200 }]);
  });
});

describe('what an executor leaves for after its commit', () => {
  it('is done once the result is published', async () => {
    const before = await memoized();
    let seen = before;
    const afterCommit = async () => {
      seen = await memoized();
    };
    await run('published', () => Promise.resolve({ outputs: {}, afterCommit }));
    expect(seen).toBe(before + 1);
  });

  it('does not undo the step when it fails', async () => {
    const afterCommit = () => Promise.reject(new Error('the store is down'));
    const result = await run('failing', () => Promise.resolve({ outputs: {}, afterCommit }));
    expect(result.step).toBe(SPEC.name);
  });

  it('is not done when the commit is refused', async () => {
    let done = false;
    const absent: ArtifactRef = { ...policy, digest: `sha256:${'0'.repeat(64)}` };
    const afterCommit = () => {
      done = true;
      return Promise.resolve();
    };
    const executor: Executor = () => Promise.resolve({ outputs: { absent }, afterCommit });
    await expect(run('refused', executor)).rejects.toMatchObject({ type: 'ARTIFACT_MISSING' });
    expect(done).toBe(false);
  });
});
