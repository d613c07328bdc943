import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  artifactList,
  beginStep,
  canonicalBytes,
  commitStep,
  digestJson,
  LIST_MEDIA_TYPE,
  RESULTS_MEDIA_TYPE,
} from '../domain/lineage/index.js';
import { STEPS, type StepId, type StepSpec } from '../policies/index.js';
import type { ArtifactRef, ArtifactTable, Policy, StepResult } from '../schemas/index.js';
import { openTestInstallation, type TestInstallation } from '../test/support/runtime.js';
import { requireChain } from './chain.js';

const PROJECT = 'demo';

let installation: TestInstallation;
let policy: ArtifactRef;
let runs = 0;

const put = (value: unknown, mediaType = 'application/json'): Promise<ArtifactRef> =>
  installation.stores.artifacts.put(canonicalBytes(value), {
    class: 'evidence',
    mediaType,
    project: PROJECT,
  });

/** Commits a result as a step of this worker would, whatever it says. */
async function commit(
  step: StepId,
  inputs: ArtifactTable,
  outputs: ArtifactTable,
  values: Readonly<Record<string, unknown>> = {},
): Promise<StepResult> {
  const spec: StepSpec = STEPS[step];
  const params = { run: runs };
  const request = { runId: `run-${String(runs)}`, project: PROJECT, policy, params, inputs };
  const { hit: _, ...begun } = await beginStep(installation.runtime, spec, request);
  return commitStep(installation.runtime, spec, request, begun, { outputs, values }, 1);
}

/** What one chain is told otherwise. */
interface Lies {
  readonly approval?: { readonly meaning?: string; readonly dataset?: string };
  readonly sliceInputs?: ArtifactTable;
  readonly applyInputs?: ArtifactTable;
  readonly keepInputs?: ArtifactTable;
  readonly tokenizeInputs?: ArtifactTable;
  readonly shards?: (step: StepId, shards: readonly StepResult[]) => readonly StepResult[];
  readonly shardInputs?: (step: StepId, at: number) => ArtifactTable;
  readonly tokens?: ArtifactRef;
  readonly canaryTokens?: ArtifactRef;
  /** The step that waived the review, in place of approval and slices; its inputs. */
  readonly waiver?: ArtifactTable;
  /** What the policy of the training says. */
  readonly required?: boolean;
  /** Memo keys of links -> what the training is told instead. */
  readonly chain?: (links: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
}

const two = [0, 1] as const;

/** A chain of two shards from the approval to the token sets, and the check of it. */
async function follow(lies: Lies = {}): Promise<void> {
  runs++;
  const name = (what: string, at?: number) => put(`${what} ${String(at ?? '')} ${String(runs)}`);
  const listOf = (refs: readonly ArtifactRef[]) => put(artifactList(refs), LIST_MEDIA_TYPE);
  const shardsOf = async (
    step: StepId,
    inputsOf: (at: number) => ArtifactTable,
    outputsOf: (at: number) => Promise<ArtifactTable>,
  ) => {
    const results: StepResult[] = [];
    for (const at of two) {
      const inputs = { ...inputsOf(at), ...lies.shardInputs?.(step, at) };
      results.push(await commit(step, inputs, await outputsOf(at)));
    }
    const listed = lies.shards?.(step, results) ?? results;
    return { results, list: await put(listed, RESULTS_MEDIA_TYPE) };
  };
  const out = (result: StepResult | undefined, output: string) =>
    result?.outputs[output] as ArtifactRef;

  const dataset = await name('dataset');
  const raw = [await name('raw', 0), await name('raw', 1)] as const;
  const redacted = await shardsOf(
    'redactShard',
    (at) => ({ dataset, shard: raw[at as 0 | 1] }),
    async (at) => ({ redacted: await name('redacted', at), vault: await name('vault', at) }),
  );
  const digests = redacted.results.map((result) => out(result, 'redacted').digest);
  const batch = await name('batch');
  const overlay = await name('overlay');
  const info = await put({ dataset: lies.approval?.dataset ?? digestJson(digests), run: runs });
  const cut = [await name('slice', 0), await name('slice', 1)] as const;
  const waiver =
    lies.waiver &&
    (await commit(
      'waive',
      { redacted: redacted.list, ...lies.waiver },
      { slices: await listOf(cut) },
      { meaning: 'waived' },
    ));
  const approval =
    waiver ??
    (await commit(
      'review',
      { batch, overlay, info },
      { decisions: await name('decisions') },
      { meaning: lies.approval?.meaning ?? 'approved' },
    ));
  const slices =
    waiver ??
    (await commit(
      'slice',
      {
        ...{ batch, overlay, decisions: out(approval, 'decisions'), redacted: redacted.list },
        ...lies.sliceInputs,
      },
      { slices: await listOf(cut) },
    ));
  const applied = await shardsOf(
    'applyShard',
    (at) => ({
      dataset,
      redacted: out(redacted.results[at], 'redacted'),
      vault: out(redacted.results[at], 'vault'),
      slice: cut[at as 0 | 1],
    }),
    async (at) => ({ approved: await name('approved', at) }),
  );
  const apply = await commit(
    'apply',
    {
      ...{ dataset, redacted: redacted.list, vault: redacted.list, slice: out(slices, 'slices') },
      ...lies.applyInputs,
    },
    { shardResults: applied.list },
  );
  const maps = [await name('map', 0), await name('map', 1)] as const;
  const kept = await shardsOf(
    'keepShard',
    (at) => ({ approved: out(applied.results[at], 'approved'), map: maps[at as 0 | 1] }),
    async (at) => ({ kept: await name('kept', at) }),
  );
  const keep = await commit(
    'minimize',
    { approved: applied.list, map: await listOf(maps), ...lies.keepInputs },
    { shardResults: kept.list },
  );
  const tokens = await shardsOf(
    'tokenizeShard',
    (at) => ({ kept: out(kept.results[at], 'kept') }),
    async (at) => ({ tokens: await name('tokens', at) }),
  );
  const tokenized = await commit(
    'tokenize',
    { kept: kept.list, ...lies.tokenizeInputs },
    { shardResults: tokens.list },
  );
  const injection = await commit('inject', { dataset }, { canaryTokens: await name('canaries') });
  const inputs: Readonly<Record<string, ArtifactRef>> = {
    tokens: lies.tokens ?? tokens.list,
    canaryTokens: lies.canaryTokens ?? out(injection, 'canaryTokens'),
  };
  const links = { approval, slices, applied: apply, kept: keep, tokenized, injection };
  const chain = Object.fromEntries(
    Object.entries(links).map(([link, { memoKey }]) => [link, memoKey]),
  );
  await requireChain(installation.runtime, PROJECT, {
    params: { chain: { ...chain, ...lies.chain?.(chain) } },
    policy: { review: { required: lies.required ?? true } } as Policy,
    ref: (input) => inputs[input] as ArtifactRef,
  });
}

let other: ArtifactRef;
let otherList: ArtifactRef;

beforeAll(async () => {
  installation = await openTestInstallation();
  policy = await put({ review: {}, redact: {} });
  other = await put('something else');
  otherList = await put(artifactList([other, other]), LIST_MEDIA_TYPE);
});
afterAll(() => installation.close());

describe('the chain behind token sets', () => {
  it('is followed when nothing is missing', async () => {
    await expect(follow()).resolves.toBeUndefined();
  });

  it('is followed to a waiver where the policy waives the review, and only there', async () => {
    await expect(follow({ waiver: {}, required: false })).resolves.toBeUndefined();
    await expect(follow({ waiver: {} })).rejects.toMatchObject({
      code: 'GATE_SHUT',
      message: expect.stringContaining('/review/required') as string,
    });
    await expect(
      follow({ waiver: { redacted: otherList }, required: false }),
    ).rejects.toMatchObject({
      code: 'GATE_SHUT',
      message: expect.stringContaining('waived for other shards') as string,
    });
    await expect(follow({ required: false })).resolves.toBeUndefined();
  });

  const gaps: readonly (readonly [string, () => Lies, RegExp])[] = [
    [
      'a link that nobody signed',
      () => ({ chain: () => ({ applied: other.digest }) }),
      /no signed result/,
    ],
    [
      'a link that is another step',
      () => ({ chain: ({ applied = '' }) => ({ kept: applied }) }),
      /no signed result of custos\.minimize/,
    ],
    ['a refusal', () => ({ approval: { meaning: 'refused' } }), /not approved/],
    ['a batch of other shards', () => ({ approval: { dataset: other.digest } }), /other shards/],
    ['other decisions', () => ({ sliceInputs: { decisions: other } }), /"decisions" of/],
    ['slices by another batch', () => ({ sliceInputs: { batch: other } }), /another batch/],
    ['slices by another overlay', () => ({ sliceInputs: { overlay: other } }), /another overlay/],
    [
      'slices of other shards',
      () => ({ sliceInputs: { redacted: otherList } }),
      /other shards than the reviewed/,
    ],
    ['other slices', () => ({ applyInputs: { slice: otherList } }), /"slice" of/],
    [
      'records that no decision was applied to',
      () => ({ keepInputs: { approved: otherList } }),
      /"approved" of/,
    ],
    ['records that were not kept', () => ({ tokenizeInputs: { kept: otherList } }), /"kept" of/],
    [
      'a shard that no decision was applied to',
      () => ({ shardInputs: (step) => (step === 'keepShard' ? { approved: other } : {}) }),
      /custos\.minimize.*another "approved"/,
    ],
    [
      'a shard with the decisions of another',
      () => ({
        shardInputs: (step, at) => (step === 'applyShard' && at === 1 ? { slice: other } : {}),
      }),
      /custos\.apply.*another "slice"/,
    ],
    [
      'a shard that was left out',
      () => ({ shards: (step, shards) => (step === 'applyShard' ? shards.slice(1) : shards) }),
      /custos\.apply.*1 results for 2 items/,
    ],
    [
      'a shard that stands twice',
      () => ({
        shards: (step, shards) =>
          step === 'tokenizeShard' ? [...shards, ...shards.slice(0, 1)] : shards,
      }),
      /custos\.tokenize.*3 results for 2 items/,
    ],
    [
      'shards in another order',
      () => ({ shards: (step, shards) => (step === 'keepShard' ? shards.toReversed() : shards) }),
      /custos\.minimize.*another/,
    ],
    [
      'results of another step',
      () => ({
        shards: (step, shards) =>
          step === 'tokenizeShard'
            ? shards.map((shard) => ({ ...shard, step: STEPS.keepShard.name }))
            : shards,
      }),
      /custos\.tokenize.*result of custos\.keep/,
    ],
    ['other token sets', () => ({ tokens: otherList }), /not made by the tokenize step/],
    ['other canaries', () => ({ canaryTokens: other }), /not made by the injection/],
  ];

  it.each(gaps)('is refused with %s', async (_, lies, problem) => {
    const attempt = follow(lies());
    await expect(attempt).rejects.toMatchObject({ code: 'GATE_SHUT' });
    await expect(attempt).rejects.toThrow(problem);
  });
});
