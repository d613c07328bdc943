import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArtifactRef, Policy, StepRequest } from '../schemas/index.js';
import { openTestInstallation, type TestInstallation } from '../test/support/runtime.js';
import { createContext, type StepContext } from './context.js';
import { createDataset } from './dataset.js';
import { smallArtifacts } from './small-artifacts.js';

let installation: TestInstallation;
let named: ArtifactRef;
let other: ArtifactRef;

const put = (text: string): Promise<ArtifactRef> =>
  installation.stores.artifacts.put(Buffer.from(text), {
    class: 'derived',
    mediaType: 'text/plain',
    project: 'demo',
  });

function contextOf(inputs: StepRequest['inputs']): StepContext {
  const begun = {
    memoKey: `sha256:${'0'.repeat(64)}`,
    policy: {} as Policy,
    startedAt: new Date(0).toISOString(),
    parts: { params: {}, inputs: {}, policy: {} },
  };
  const request: StepRequest = {
    runId: 'run',
    project: 'demo',
    params: {},
    inputs,
    policy: named,
    hints: { file: '/somewhere' },
  };
  const signal = new AbortController().signal;
  const host = { signal, heartbeat: () => undefined, small: smallArtifacts() };
  return createContext(installation.runtime, request, begun, host);
}

beforeAll(async () => {
  installation = await openTestInstallation();
  named = await put('named');
  other = await put('other');
});
afterAll(() => installation.close());

describe('what an executor can open', () => {
  it('is what its step names', async () => {
    const context = contextOf({ one: named, many: [named, other] });
    expect(Buffer.from(await context.read(context.ref('one'))).toString()).toBe('named');
    expect(context.refs('many')).toHaveLength(2);
    expect(context.hint('file')).toBe('/somewhere');
  });

  it('is nothing else, though it is in the store', async () => {
    const context = contextOf({ one: named });
    await expect((async () => context.read(other))()).rejects.toMatchObject({
      code: 'ARTIFACT_NOT_NAMED',
    });
    for (const ask of [
      () => context.ref('two'),
      () => context.refs('two'),
      () => context.hint('two'),
    ]) {
      expect(ask).toThrow('was not given');
    }
    expect(() => contextOf({ many: [named, other] }).ref('many')).toThrow('a single input');
  });
});

describe('what need not be read again to say that it opens', () => {
  it('is what was put, or read as a whole', async () => {
    const context = contextOf({ one: named, two: other });
    await context.read(named);
    const made = await context.put('made', 'derived', 'text/plain');
    expect([named, made, other].map((ref) => context.stored.has(ref))).toEqual([true, true, false]);
    const lost = { ...other, digest: `sha256:${'0'.repeat(64)}` };
    const failing = contextOf({ lost });
    await expect(failing.read(lost)).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    expect(failing.stored.has(lost)).toBe(false);
  });
});

describe('what an executor puts', () => {
  it('is salted with the dataset secret where a digest could confirm a guess', async () => {
    const drawn = await createDataset(installation.stores.artifacts)(contextOf({}));
    const again = await createDataset(installation.stores.artifacts)(contextOf({}));
    const first = contextOf({ dataset: drawn.outputs['dataset'] as ArtifactRef });
    const second = contextOf({ dataset: again.outputs['dataset'] as ArtifactRef });
    const guess = 'a guessable value';
    const raw = await first.put(guess, 'raw', 'text/plain');
    expect((await first.put(guess, 'raw', 'text/plain')).digest).toBe(raw.digest);
    expect((await second.put(guess, 'raw', 'text/plain')).digest).not.toBe(raw.digest);
    await expect(contextOf({}).put(guess, 'vault', 'text/plain')).rejects.toMatchObject({
      code: 'ARTIFACT_NOT_NAMED',
    });
  });
});
