import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  artifactList,
  beginStep,
  canonicalBytes,
  commitStep,
  digestJson,
  LIST_MEDIA_TYPE,
  type StepRuntime,
} from '../../domain/lineage/index.js';
import type { StepSpec } from '../../policies/index.js';
import type { ArtifactClass } from '../../domain/lineage/index.js';
import type { ArtifactRef, StepRequest, StepResult } from '../../schemas/index.js';
import { openTestInstallation, type TestInstallation } from '../../test/support/runtime.js';
import { discardArtifact, shelvedArtifacts, type ShelvedArtifact } from '../object-store/index.js';
import { collectGarbage, type Collection } from './collect.js';
import { planGarbage, type GarbageDeps } from './plan.js';
import type { OpenWork } from './roots.js';

const DAY_MS = 86_400_000;
const NO_WORK: OpenWork = { workflows: [], digests: new Set() };
const STEP: StepSpec = {
  name: 'custos.example.v1',
  kind: 'pure',
  scope: 'stage',
  queue: 'control',
  policy: [],
  startToCloseMinutes: 1,
};

let installation: TestInstallation;
let runtime: StepRuntime;
let deps: GarbageDeps;
let policy: ArtifactRef;

beforeEach(async () => {
  installation = await openTestInstallation();
  ({ runtime } = installation);
  const { driver, artifacts, keys, documents, ledger, trustedKeys } = installation.stores;
  deps = { driver, artifacts, keys, documents, ledger, trustedKeys, randomBytes };
  policy = await put(canonicalBytes({}), 'evidence', 'application/json');
});
afterEach(() => installation.close());

const put = (
  bytes: Uint8Array,
  artifactClass: ArtifactClass = 'derived',
  mediaType = 'application/vnd.custos.tokens',
): Promise<ArtifactRef> =>
  runtime.artifacts.put(bytes, { class: artifactClass, mediaType, project: 'demo' });

const putList = (items: readonly ArtifactRef[]): Promise<ArtifactRef> =>
  put(canonicalBytes(artifactList(items)), 'derived', LIST_MEDIA_TYPE);

interface Settings {
  readonly days?: number;
  readonly dryRun?: boolean;
  readonly askOpen?: () => Promise<OpenWork>;
}

const optionsOf = ({ days = 8, dryRun = false, askOpen }: Settings) => ({
  dryRun,
  graceMs: 7 * DAY_MS,
  freshMs: 0,
  settleMs: 0,
  now: () => Date.now() + days * DAY_MS,
  by: 'a test',
  signer: runtime.signer,
  askOpen: askOpen ?? (() => Promise.resolve(NO_WORK)),
});

/** A collection as it would go in `days` from now. */
const collect = (settings: Settings = {}): Promise<Collection> =>
  collectGarbage(deps, optionsOf(settings));

const has = (ref: ArtifactRef): Promise<boolean> => runtime.artifacts.has(ref, 'demo');

const request = (runId: string, inputs: StepRequest['inputs'] = {}): StepRequest => ({
  runId,
  project: 'demo',
  params: {},
  inputs,
  policy,
});

async function step(
  kind: StepSpec['kind'],
  wanted: StepRequest,
  out: ArtifactRef,
): Promise<StepResult> {
  const spec = { ...STEP, kind, name: `custos.${kind}.v1` };
  const begun = await beginStep(runtime, spec, wanted);
  return commitStep(runtime, spec, wanted, begun, { outputs: { out } }, 1);
}

async function recorded(): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of deps.documents.list('sweeps/')) keys.push(key.replace(/^.*?\./, ''));
  return keys.sort();
}

describe('what nothing leads to', () => {
  it('goes when it is old, with its key, and is recorded', async () => {
    const [orphan, other] = [await put(randomBytes(100)), await put(randomBytes(200), 'public')];
    const done = await collect();
    expect([await has(orphan), await has(other)]).toEqual([false, false]);
    expect(done).toMatchObject({ artifacts: 2, spared: 0, dryRun: false });
    expect(done.kinds.map(({ class: kind, count }) => [kind, count])).toEqual(
      expect.arrayContaining([
        ['derived', 1],
        ['public', 1],
      ]),
    );
    expect(await recorded()).toEqual([
      'done.json',
      'done.receipt.json',
      'ordered.json',
      'ordered.receipt.json',
    ]);
  });

  it('stays when it is young', async () => {
    const orphan = await put(randomBytes(100));
    expect(await collect({ days: 6 })).toMatchObject({ artifacts: 0 });
    expect(await has(orphan)).toBe(true);
    expect(await recorded()).toEqual([]);
  });

  it('is named by a dry run, and stays', async () => {
    const orphan = await put(randomBytes(100));
    expect(await collect({ dryRun: true })).toMatchObject({ artifacts: 1, dryRun: true });
    expect(await has(orphan)).toBe(true);
  });

  it('can be stored again', async () => {
    const bytes = randomBytes(100);
    const orphan = await put(bytes);
    await collect();
    expect(await put(bytes)).toEqual(orphan);
    expect(bytes.equals(await runtime.artifacts.get(orphan, 'demo'))).toBe(true);
  });
});

describe('what is led to stays', () => {
  it('by a draw, through a list', async () => {
    const item = await put(randomBytes(100));
    await step('drawn', request('run-1'), await putList([item]));
    expect(await collect()).toMatchObject({ artifacts: 0 });
    expect(await has(item)).toBe(true);
  });

  it('by a decision, through its inputs', async () => {
    const shown = await put(randomBytes(100));
    await step('human', request('run-1', { shown }), await put(randomBytes(10)));
    await collect();
    expect(await has(shown)).toBe(true);
  });

  it('by an open workflow, through what it was given', async () => {
    const item = await put(randomBytes(100));
    const list = await putList([item]);
    const digests = new Set([list.digest]);
    await collect({ askOpen: () => Promise.resolve({ workflows: [], digests }) });
    expect(await has(item)).toBe(true);
  });

  it('by the evidence of an open run', async () => {
    const out = await put(randomBytes(100));
    await step('pure', request('run-open'), out);
    const workflows = [{ id: 'run-open', startedMs: Date.now() + 30 * DAY_MS }];
    await collect({ askOpen: () => Promise.resolve({ workflows, digests: new Set() }) });
    expect(await has(out)).toBe(true);
  });

  it('by time: what an open workflow may have stored', async () => {
    const startedMs = Date.now() - 60_000;
    const out = await put(randomBytes(100));
    const workflows = [{ id: 'run-open', startedMs }];
    await collect({ askOpen: () => Promise.resolve({ workflows, digests: new Set() }) });
    expect(await has(out)).toBe(true);
  });

  it('by a registered adapter, whatever its stage', async () => {
    const out = await put(randomBytes(100));
    await step('pure', request('run-made'), out);
    await installation.stores.registry.register({
      schema: 'custos.registry-entry.v1',
      project: 'demo',
      name: 'support',
      adapterDigest: digestJson('adapter'),
      runId: 'run-made',
      submitter: { issuer: 'local', subject: 'sam' },
      stage: 'candidate',
      baseModelRevision: digestJson('model'),
      policyDigest: policy.digest,
      decisionDigest: digestJson('decision'),
      reports: {},
      approvals: [digestJson('approval')],
      createdAt: new Date().toISOString(),
      promotions: [],
    });
    expect(await collect()).toMatchObject({ artifacts: 0 });
    expect(await has(out)).toBe(true);
  });
});

describe('a stored result', () => {
  it('goes with its output, so that the step is computed again', async () => {
    const bytes = randomBytes(100);
    const wanted = request('run-1');
    await step('pure', wanted, await put(bytes));
    expect(await collect()).toMatchObject({ artifacts: 1, memoEntries: 1 });
    const spec = { ...STEP, name: 'custos.pure.v1' };
    const begun = await beginStep(runtime, spec, request('run-2'));
    expect(begun).toMatchObject({ missed: 'absent' });
    await step('pure', request('run-2'), await put(bytes));
    expect(await beginStep(runtime, spec, request('run-3'))).toMatchObject({ hit: {} });
  });

  it('stays with an output that stays', async () => {
    const out = await put(randomBytes(100));
    await step('drawn', request('run-1'), out);
    await step('pure', request('run-2'), out);
    expect(await collect()).toMatchObject({ artifacts: 0, memoEntries: 0 });
  });
});

describe('nothing goes', () => {
  let orphan: ArtifactRef;
  beforeEach(async () => {
    orphan = await put(randomBytes(100));
  });
  afterEach(async () => {
    expect(await has(orphan)).toBe(true);
    expect(await recorded()).toEqual([]);
  });

  it('when nobody tells which workflows are open', async () => {
    const askOpen = () => Promise.reject(new Error('no server'));
    await expect(collect({ askOpen })).rejects.toThrow('no server');
  });

  it('when the server falls silent between the two looks', async () => {
    let asked = 0;
    const askOpen = (): Promise<OpenWork> => {
      asked += 1;
      return asked === 1 ? Promise.resolve(NO_WORK) : Promise.reject(new Error('no server'));
    };
    await expect(collect({ askOpen })).rejects.toThrow('no server');
  });

  it('when a list that a draw leads to is missing, which is named', async () => {
    const list = await putList([await put(randomBytes(10))]);
    await step('drawn', request('run-1'), list);
    await removeObject(list);
    await expect(collect()).rejects.toMatchObject({
      code: 'ROOTS_UNREADABLE',
      message: expect.stringContaining(list.digest) as string,
    });
    const { dangling } = await planGarbage(deps, optionsOf({}));
    expect(dangling.map(({ digest }) => digest)).toEqual([list.digest]);
  });

  it('when a list that a draw leads to is damaged', async () => {
    const list = await putList([await put(randomBytes(10))]);
    await step('drawn', request('run-1'), list);
    const key = keyOf(list);
    const stored = await deps.driver.get('data', key);
    await deps.driver.remove('data', key);
    const bytes = Buffer.from(stored?.bytes ?? '');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await deps.driver.putIfAbsent('data', key, bytes);
    await expect(collect()).rejects.toMatchObject({ code: 'ROOTS_UNREADABLE' });
  });
});

const keyOf = ({ digest, class: kind }: ArtifactRef): string => {
  const hex = digest.slice('sha256:'.length);
  return `artifacts/${kind}/demo/${hex.slice(0, 2)}/${hex}.0`;
};

const removeObject = (ref: ArtifactRef): Promise<void> => deps.driver.remove('data', keyOf(ref));

describe('an artifact that was marked', () => {
  async function shelved(ref: ArtifactRef): Promise<ShelvedArtifact> {
    for await (const one of shelvedArtifacts(deps.driver, 'data')) {
      if (one.digest === ref.digest) return one;
    }
    throw new Error('it is not listed');
  }

  it('is spared when it was relied on since', async () => {
    const ref = await put(randomBytes(100));
    const listed = await shelved(ref);
    const earlier = { ...listed, modifiedMs: listed.modifiedMs - 2_000 };
    expect(await discardArtifact(deps, earlier)).toBe('relied-on');
    expect(await has(ref)).toBe(true);
    expect(await discardArtifact(deps, listed)).toBe('removed');
    expect(await discardArtifact(deps, listed)).toBe('gone');
  });

  it('is removed by its own name only, and never from the evidence', async () => {
    const listed = await shelved(await put(randomBytes(100)));
    const strange = [
      { ...listed, bucket: 'evidence' as const },
      { ...listed, key: 'memo/00/document.json' },
    ];
    for (const one of strange) {
      await expect(discardArtifact(deps, one)).rejects.toMatchObject({
        code: 'ARTIFACT_NOT_NAMED',
      });
    }
  });
});
