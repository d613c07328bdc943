import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  beginStep,
  commitStep,
  digestJson,
  recallResult,
  type StepRuntime,
} from '../../domain/lineage/index.js';
import { openArtifactStore, openDocumentStore } from '../../infra/object-store/index.js';
import type { StepSpec } from '../../policies/index.js';
import type { ArtifactRef, StepRequest, StepResult } from '../../schemas/index.js';
import { storesUnderTest, toArray, type StoreUnderTest } from '../support/object-stores.js';
import { openTestInstallation, type TestInstallation } from '../support/runtime.js';

const kinds = await storesUnderTest();

const STEP: StepSpec = {
  name: 'custos.example.v1',
  kind: 'pure',
  scope: 'shard',
  queue: 'control',
  policy: [],
  startToCloseMinutes: 1,
};
const specOf = (kind: StepSpec['kind']): StepSpec => ({ ...STEP, kind, name: `custos.${kind}.v1` });

describe.each(kinds)('drawn and human results: $name', ({ skip, open }) => {
  let store: StoreUnderTest;
  let keys: TestInstallation;
  let runtime: StepRuntime;
  let policy: ArtifactRef;
  beforeAll(async () => {
    if (skip) return;
    [store, keys] = await Promise.all([open(), openTestInstallation()]);
    const { driver } = store;
    runtime = {
      ...keys.runtime,
      artifacts: openArtifactStore({ driver, keys: keys.stores.keys }),
      memo: openDocumentStore(driver, 'data', 'memo'),
      documents: openDocumentStore(driver, 'evidence', 'evidence'),
    };
    policy = await put({});
  }, 60_000);
  afterAll(async () => {
    if (!skip) await Promise.all([store.close(), keys.close()]);
  });
  const check = test.skipIf(skip);

  const put = (value: unknown) =>
    runtime.artifacts.put(Buffer.from(JSON.stringify(value)), {
      class: 'evidence',
      mediaType: 'application/json',
      project: 'demo',
    });
  const request = (runId: string, purpose: string): StepRequest => ({
    runId,
    project: 'demo',
    params: { purpose },
    inputs: {},
    policy,
  });

  /** One attempt at a step that yields 32 random bytes. */
  async function attempt(kind: StepSpec['kind'], wanted: StepRequest): Promise<StepResult> {
    const spec = specOf(kind);
    const begun = await beginStep(runtime, spec, wanted);
    if (begun.hit !== undefined) return begun.hit.result;
    const out = await put(randomBytes(32).toString('hex'));
    return commitStep(runtime, spec, wanted, begun, { outputs: { out } }, 1);
  }

  async function dropMemo(): Promise<void> {
    for (const key of await toArray(runtime.memo.list(''))) await runtime.memo.remove(key);
  }

  check.each(['drawn', 'human'] as const)('a %s result outlives the memo', async (kind) => {
    const first = await attempt(kind, request('run-1', 'outlives'));
    await dropMemo();
    expect(await attempt(kind, request('run-2', 'outlives'))).toEqual(first);
    expect(await recallResult(runtime, first.memoKey)).toEqual(first);
  });

  check('a pure result goes with the memo', async () => {
    const first = await attempt('pure', request('run-1', 'goes'));
    await dropMemo();
    expect(await recallResult(runtime, first.memoKey)).toBeUndefined();
    expect(await attempt('pure', request('run-2', 'goes'))).not.toEqual(first);
  });

  check('all racers for a draw get the first, also without a memo', async () => {
    const wanted = (n: number) => request(`race-${String(n)}`, 'race');
    const results = await Promise.all([1, 2, 3, 4].map((n) => attempt('drawn', wanted(n))));
    await dropMemo();
    results.push(await attempt('drawn', wanted(5)));
    expect(new Set(results.map(digestJson)).size).toBe(1);
  });

  check('the last decision counts, and a commit tried again adds none', async () => {
    const spec = specOf('human');
    const decide = async (runId: string, verdict: string) => {
      const wanted = request(runId, 'decide');
      const begun = await beginStep(runtime, spec, wanted);
      const output = { outputs: {}, values: { verdict } };
      await commitStep(runtime, spec, wanted, begun, output, 1);
      return (await beginStep(runtime, spec, wanted)).hit?.result.values['verdict'];
    };
    expect(await decide('run-1', 'rejected')).toBe('rejected');
    expect(await decide('run-2', 'approved')).toBe('approved');
    // The worker of run-1 was cut off after it had stored its decision, and comes back late.
    expect(await decide('run-1', 'rejected')).toBe('approved');
    const both = await Promise.all([decide('run-3', 'a'), decide('run-4', 'b')]);
    expect(['a', 'b']).toEqual(expect.arrayContaining(both));
  });
});
