import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  beginStep,
  commitStep,
  digestJson,
  LineageError,
  recallOwn,
  recordRun,
  runDocument,
  type StepOutput,
  type StepRuntime,
} from '../../domain/lineage/index.js';
import type { StepSpec } from '../../policies/index.js';
import type { ArtifactRef, StepRequest, StepResult } from '../../schemas/index.js';
import { openTestInstallation, type TestInstallation } from '../support/runtime.js';

const PURE: StepSpec = {
  name: 'custos.example.v1',
  kind: 'pure',
  scope: 'stage',
  queue: 'control',
  policy: ['/minimize'],
  startToCloseMinutes: 1,
};
const DRAWN: StepSpec = { ...PURE, name: 'custos.drawn.v1', kind: 'drawn' };

let installation: TestInstallation;
let policy: ArtifactRef;

beforeAll(async () => {
  installation = await openTestInstallation();
  policy = await putJson({ minimize: { minChars: 1 }, train: { r: 16 } });
});
afterAll(() => installation.close());

function putJson(value: unknown): Promise<ArtifactRef> {
  return installation.stores.artifacts.put(Buffer.from(JSON.stringify(value)), {
    class: 'evidence',
    mediaType: 'application/json',
    project: 'demo',
  });
}

function request(runId: string, params: Record<string, unknown> = {}): StepRequest {
  return { runId, project: 'demo', params, inputs: {}, policy };
}

async function execute(value: unknown): Promise<StepOutput> {
  return { outputs: { out: await putJson(value) }, counts: { n: 1 } };
}

async function runOnce(
  runtime: StepRuntime,
  spec: StepSpec,
  wanted: StepRequest,
  value: unknown,
): Promise<StepResult> {
  const begun = await beginStep(runtime, spec, wanted);
  if (begun.hit !== undefined) {
    await recordRun(runtime, spec, wanted, begun, begun.hit.result, 1);
    return begun.hit.result;
  }
  return commitStep(runtime, spec, wanted, begun, await execute(value), 1);
}

async function ledgerSize(): Promise<number> {
  return (await installation.stores.ledger.checkpoint()).size;
}

/** A runtime whose n-th write to documents, memo or ledger fails as if the process had died. */
function dyingAt(n: number): { runtime: StepRuntime; writes: () => number } {
  let writes = 0;
  const guard = <A extends unknown[], R>(run: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      writes += 1;
      if (writes === n) throw new Error('cut');
      return run(...args);
    };
  };
  const { runtime } = installation;
  const documents = (store: StepRuntime['memo']): StepRuntime['memo'] => ({
    ...store,
    create: guard(store.create.bind(store)),
    replace: guard(store.replace.bind(store)),
  });
  return {
    writes: () => writes,
    runtime: {
      ...runtime,
      documents: documents(runtime.documents),
      memo: documents(runtime.memo),
      ledger: { ...runtime.ledger, append: guard(runtime.ledger.append.bind(runtime.ledger)) },
    },
  };
}

describe('memo key', () => {
  it('holds only the part of the policy that the step reads', async () => {
    const key = async (policyJson: unknown) =>
      (
        await beginStep(installation.runtime, PURE, {
          ...request('a'),
          policy: await putJson(policyJson),
        })
      ).memoKey;
    const base = await key({ minimize: { minChars: 1 }, train: { r: 16 } });
    expect(await key({ minimize: { minChars: 1 }, train: { r: 8 } })).toBe(base);
    expect(await key({ minimize: { minChars: 2 }, train: { r: 16 } })).not.toBe(base);
  });

  it('changes with parameters and step, not with run, hints or code version', async () => {
    const key = async (spec: StepSpec, wanted: StepRequest) =>
      (await beginStep({ ...installation.runtime, codeVersion: wanted.runId }, spec, wanted))
        .memoKey;
    const base = await key(PURE, request('a', { x: 1 }));
    expect(await key(PURE, { ...request('b', { x: 1 }), hints: { file: '/tmp/x' } })).toBe(base);
    expect(await key(PURE, request('a', { x: 2 }))).not.toBe(base);
    expect(await key(DRAWN, request('a', { x: 1 }))).not.toBe(base);
  });
});

describe('commit', () => {
  it('is computed once and reused with its own evidence', async () => {
    const first = await runOnce(installation.runtime, PURE, request('run-1', { case: 'reuse' }), 1);
    const size = await ledgerSize();
    const second = await runOnce(
      installation.runtime,
      PURE,
      request('run-2', { case: 'reuse' }),
      2,
    );
    expect(digestJson(second)).toBe(digestJson(first));
    expect(await ledgerSize()).toBe(size + 1);
    for (const runId of ['run-1', 'run-2']) {
      for (const part of ['envelope', 'receipt', 'result'] as const) {
        const key = runDocument(runId, first.memoKey, part);
        expect(await installation.stores.documents.read(key), key).toBeDefined();
      }
    }
  });

  it('survives a cut before any of its writes: one ledger entry, the same result', async () => {
    let cuts = 0;
    for (let n = 1; ; n++) {
      const wanted = request(`cut-${String(n)}`, { case: 'cut', n });
      const size = await ledgerSize();
      const dying = dyingAt(n);
      const outcome = await runOnce(dying.runtime, PURE, wanted, n).catch(() => 'cut' as const);
      if (outcome !== 'cut') break;
      cuts += 1;
      const result = await runOnce(installation.runtime, PURE, wanted, n);
      const again = await runOnce(installation.runtime, PURE, wanted, n);
      expect(digestJson(again)).toBe(digestJson(result));
      expect(await ledgerSize(), `cut before write ${String(n)}`).toBe(size + 1);
    }
    expect(cuts).toBeGreaterThanOrEqual(4);
  });

  it('refuses a result whose output does not open', async () => {
    const wanted = request('missing', { case: 'missing' });
    const begun = await beginStep(installation.runtime, PURE, wanted);
    const absent: ArtifactRef = { ...policy, digest: `sha256:${'0'.repeat(64)}` };
    await expect(
      commitStep(installation.runtime, PURE, wanted, begun, { outputs: { out: absent } }, 1),
    ).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
  });

  it('computes again when an output of a pure step was erased, and never draws again', async () => {
    const { artifacts } = installation.stores;
    const sealed = (value: string) =>
      artifacts.put(Buffer.from(value), {
        class: 'derived',
        mediaType: 'text/plain',
        project: 'demo',
      });
    for (const [spec, expected] of [
      [PURE, 'computed'],
      [DRAWN, 'DRAW_CONFLICT'],
    ] as const) {
      const wanted = request('erase', { case: `erase ${spec.kind}` });
      const begun = await beginStep(installation.runtime, spec, wanted);
      const out = await sealed(`erase ${spec.kind}`);
      await commitStep(installation.runtime, spec, wanted, begun, { outputs: { out } }, 1);
      await artifacts.erase(out, 'demo', 'test');
      const again = await beginStep(installation.runtime, spec, wanted).then(
        (next) => (next.hit === undefined ? 'computed' : 'reused'),
        (error: unknown) => (error instanceof LineageError ? error.code : error),
      );
      expect(again).toBe(expected);
    }
  });

  it('draws once for all racers', async () => {
    const wanted = (n: number) => request(`race-${String(n)}`, { case: 'race' });
    const results = await Promise.all(
      [1, 2, 3, 4].map((n) => runOnce(installation.runtime, DRAWN, wanted(n), { drawn: n })),
    );
    expect(new Set(results.map(digestJson)).size).toBe(1);
  });

  it('does not believe what another key signed: a pure step is computed, a draw refused', async () => {
    const strangers = { ...installation.runtime, trustedKeys: () => Promise.resolve([]) };
    const wanted = request('forged', { case: 'forged' });
    for (const spec of [PURE, DRAWN]) await runOnce(installation.runtime, spec, wanted, spec.kind);
    const begun = await beginStep(strangers, PURE, wanted);
    expect(begun).toMatchObject({ missed: 'unverified' });
    expect(begun.hit).toBeUndefined();
    await expect(beginStep(strangers, DRAWN, wanted)).rejects.toMatchObject({
      code: 'SIGNATURE_INVALID',
    });
  });

  it('computes over a memo entry that was damaged, and then reuses that', async () => {
    const { memo } = installation.stores;
    const wanted = request('damaged', { case: 'damaged' });
    const first = await runOnce(installation.runtime, PURE, wanted, 'whole');
    const hex = first.memoKey.slice('sha256:'.length);
    const key = `${hex.slice(0, 2)}/${hex}.json`;
    await memo.replace(key, Buffer.from('{"envelope":'), (await memo.read(key))?.etag ?? '');
    expect(await beginStep(installation.runtime, PURE, wanted)).toMatchObject({
      missed: 'unverified',
    });
    await runOnce(installation.runtime, PURE, wanted, 'whole');
    expect((await beginStep(installation.runtime, PURE, wanted)).hit?.result).toEqual(first);
  });

  it('is known to the process that published or verified it, and to no other', async () => {
    const { runtime } = installation;
    // Another process has a memo of its own over the same documents.
    const other = { ...runtime, memo: { ...runtime.memo } };
    const wanted = request('own', { case: 'own' });
    const { memoKey } = await runOnce(runtime, PURE, wanted, 'own');
    const keys = await runtime.trustedKeys();
    const own = recallOwn(runtime, keys, memoKey);
    expect(own).toMatchObject({ runId: 'own', result: { memoKey } });
    expect(recallOwn(runtime, [], memoKey)).toBeUndefined();
    expect(recallOwn(other, keys, memoKey)).toBeUndefined();
    await beginStep(other, PURE, wanted);
    expect(recallOwn(other, keys, memoKey)).toEqual(own);
    const strangers = { ...other, memo: { ...other.memo }, trustedKeys: () => Promise.resolve([]) };
    await beginStep(strangers, PURE, wanted);
    expect(recallOwn(strangers, keys, memoKey)).toBeUndefined();
  });
});
