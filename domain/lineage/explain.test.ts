import { describe, expect, it } from 'vitest';
import { STEPS, type StepSpec } from '../../policies/index.js';
import type { ArtifactRef, Policy, StepRequest, StepRun } from '../../schemas/index.js';
import {
  describeExplanation,
  digestJson,
  explainRun,
  explainStep,
  keyPartsOf,
  summarizeShards,
} from './index.js';

const ref = (name: string): ArtifactRef => ({
  digest: digestJson(name),
  class: 'derived',
  mediaType: 'text/plain',
  sizeBytes: 1,
});

const POLICY = {
  train: { r: 16 },
  redact: { entities: ['PERSON'] },
  review: { required: true },
} as unknown as Policy;

type Call = Partial<Pick<StepRequest, 'params' | 'inputs'>> & { readonly policy?: Policy };

const partsOf = (spec: Pick<StepSpec, 'policy'>, { params, inputs, policy }: Call) =>
  keyPartsOf(spec, { params: params ?? {}, inputs: inputs ?? {} }, policy ?? POLICY);

function stepRun(spec: StepSpec, runId: string, call: Call, more: Partial<StepRun> = {}): StepRun {
  const digest = digestJson([runId, call]);
  return {
    schema: 'custos.step-run.v1',
    runId,
    step: spec.name,
    memoKey: digest,
    resultDigest: digest,
    outcome: 'computed',
    missed: 'absent',
    parts: partsOf(spec, call),
    startedAt: '2026-11-24T00:00:00.000Z',
    endedAt: '2026-11-24T00:00:00.000Z',
    worker: 'w',
    attempt: 1,
    environment: {},
    codeVersion: 'c',
    ...more,
  };
}

const BASE: Call = {
  params: { maxSteps: 10, baseModel: 'tiny' },
  inputs: { tokens: [ref('a'), ref('b')], model: [ref('m')] },
};

describe('a computed step', () => {
  const { train } = STEPS;
  const before = stepRun(train, 'run-1', BASE);

  it.each([
    [
      'an input',
      { ...BASE, inputs: { ...BASE.inputs, tokens: [ref('b'), ref('a')] } },
      'input',
      'tokens',
    ],
    ['a new input', { ...BASE, inputs: { ...BASE.inputs, start: ref('s') } }, 'input', 'start'],
    ['a parameter', { ...BASE, params: { ...BASE.params, maxSteps: 11 } }, 'param', 'maxSteps'],
    ['a parameter left out', { ...BASE, params: { baseModel: 'tiny' } }, 'param', 'maxSteps'],
    ['the model', { ...BASE, inputs: { ...BASE.inputs, model: [ref('n')] } }, 'model', 'model'],
    [
      'its policy',
      { ...BASE, policy: { ...POLICY, train: { r: 8 } } as unknown as Policy },
      'policy',
      '/train',
    ],
  ] as readonly (readonly [string, Call, string, string])[])(
    'names %s that changed, and nothing else',
    (_, call, part, name) => {
      const { changed, comparedWith } = explainStep(stepRun(train, 'run-2', call), before);
      expect(changed).toEqual([{ part, name }]);
      expect(comparedWith).toBe('run-1');
    },
  );

  it('names a new version, and no part of the policy that it does not read', () => {
    const policy = { ...POLICY, redact: { entities: [] } } as unknown as Policy;
    const now = stepRun({ ...train, name: 'custos.train.v9' }, 'run-2', { ...BASE, policy });
    expect(explainStep(now, before).changed).toEqual([
      { part: 'version', name: `${train.name} -> custos.train.v9` },
    ]);
  });

  it.each([
    ['absent', 'computed: no stored result under this key'],
    ['unverified', 'computed: the stored result did not verify'],
    ['outputs-gone', 'computed: an output of the stored result no longer opens'],
  ] as const)('of equal parts says what was wrong with the memo: %s', (missed, words) => {
    const now = explainStep(stepRun(train, 'run-2', BASE, { missed }), before);
    expect(now).toMatchObject({ missed, changed: [] });
    expect(describeExplanation(now)).toBe(words);
  });

  it('is compared with the newest run that got so far, the same purpose before another', () => {
    const draw = (runId: string, purpose: string, over: string) =>
      stepRun(STEPS.draw, runId, { params: { purpose, over }, inputs: {} });
    const explained = explainRun(
      [
        draw('run-3', 'canaries', 'c3'),
        stepRun(train, 'run-3', BASE),
        stepRun(STEPS.audit, 'run-3', {}),
      ],
      [[draw('run-2', 'sample', 'c3'), draw('run-2', 'canaries', 'c2')], [before]],
    );
    expect(explained.map(({ comparedWith }) => comparedWith)).toEqual([
      'run-2',
      'run-1',
      undefined,
    ]);
    expect(explained[0]?.changed).toEqual([{ part: 'param', name: 'over' }]);
    expect(explained.map(describeExplanation)[2]).toBe('computed: no earlier run got so far');
  });
});

it('a reused step names the run that computed it', () => {
  const reused = { outcome: 'reused', reusedFromRun: 'run-0' } as const;
  const { missed: _, ...run } = stepRun(STEPS.train, 'run-2', BASE, reused);
  const explained = explainStep(run, stepRun(STEPS.train, 'run-1', BASE));
  expect(explained).toMatchObject({ outcome: 'reused', from: 'run-0', changed: [] });
  expect(describeExplanation(explained)).toBe('reused from run-0');
});

describe('a stage over shards', () => {
  const { redact, redactShard } = STEPS;
  const stage = (
    runId: string,
    shards: readonly (readonly [string, string])[],
    policy = POLICY,
  ) => {
    const origins = shards.map(([name, by]) => ({
      runId: by,
      result: { step: redactShard.name },
      parts: partsOf(redactShard, { inputs: { shard: ref(name), dataset: ref('d') }, policy }),
    }));
    const summary = summarizeShards(runId, origins);
    const call = { params: { shards: shards.map(([name]) => name) }, policy };
    return stepRun(redact, runId, call, summary && { shards: summary });
  };
  const names = Array.from({ length: 500 }, (_, index) => `shard-${String(index)}`);
  const before = stage(
    'run-1',
    names.map((name) => [name, 'run-1']),
  );

  it('says how many were reused and which input changed', () => {
    const now = stage(
      'run-2',
      names.map((name, index) => (index < 2 ? [`${name}-edited`, 'run-2'] : [name, 'run-1'])),
    );
    const explained = explainStep(now, before);
    expect(explained.changed).toEqual([{ part: 'input', name: 'shard' }]);
    expect(explained.shards).toMatchObject({
      total: 500,
      computed: 2,
      reused: [{ run: 'run-1', shards: 498 }],
    });
    expect(describeExplanation(explained)).toBe(
      '498 of 500 shards reused, 2 computed: input shard changed',
    );
  });

  it('says that the policy changed for all of them', () => {
    const policy = { ...POLICY, redact: { entities: [] } } as unknown as Policy;
    const now = stage(
      'run-2',
      names.map((name) => [name, 'run-2']),
      policy,
    );
    expect(describeExplanation(explainStep(now, before))).toBe('computed: policy /redact changed');
  });

  it('has no summary without shards', () => {
    expect(summarizeShards('run-1', [])).toBeUndefined();
  });
});
