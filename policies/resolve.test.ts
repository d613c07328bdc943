import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { IDENTIFYING_TYPES } from '../domain/redact/index.js';
import { parsePolicyText, PolicyError, resolvePolicy, type ParsedPolicy } from './index.js';

const FOLDER = new URL('.', import.meta.url);
const packs = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => [file.replace('.yaml', ''), readFileSync(new URL(file, FOLDER), 'utf8')] as const);
const parsed = packs.map(([name, text]) => parsePolicyText(text, name));

function document(name: string, body: string): ParsedPolicy {
  return parsePolicyText(`schema: custos.policy.v1\nname: ${name}\n${body}`, `${name}.yaml`);
}

function failure(act: () => unknown): PolicyError {
  try {
    act();
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the packs', () => {
  it.each(packs)('%s is named like its file and resolves', (name) => {
    const policy = resolvePolicy(name, parsed);
    expect(policy.name).toBe(name);
    expect('extends' in policy).toBe(false);
  });

  it('sample is default with what it states', () => {
    const base = resolvePolicy('default', parsed);
    const sample = resolvePolicy('sample', parsed);
    expect(sample.train).toEqual({
      ...base.train,
      learningRate: sample.train.learningRate,
      saveSteps: 10,
      evalSteps: sample.train.evalSteps,
      maxSteps: sample.train.maxSteps,
    });
    expect(sample.redact).toEqual({ ...base.redact, profile: 'fast' });
    expect(sample.review.allowDemoSignature).toBe(true);
    expect(sample.review.sampleSize).toBe(20);
  });

  it('default looks for every entity type that can single somebody out', () => {
    const { entities } = resolvePolicy('default', parsed).redact;
    expect(Object.keys(entities).toSorted()).toEqual(IDENTIFYING_TYPES.toSorted());
    expect(new Set(Object.values(entities))).toEqual(new Set(['placeholder']));
  });

  it('default carries the production constants', () => {
    const { train, review, tokenize, inject } = resolvePolicy('default', parsed);
    expect(train).toMatchObject({
      r: 16,
      alpha: 32,
      dropout: 0.05,
      epochs: 3,
      batchSize: 2,
      accumulation: 4,
      optimizer: 'adamw_8bit',
      learningRate: 2e-4,
      weightDecay: 0.001,
      maxGradNorm: 0.3,
      warmupRatio: 0.03,
      schedule: 'cosine',
      saveSteps: 50,
      rsLora: false,
      loraPlusRatio: 1,
      dora: false,
      packing: 'packed',
      seed: 42,
      maxSteps: null,
    });
    expect(train.targetModules).toHaveLength(7);
    expect(review).toMatchObject({ required: true, sampleSize: 299, allowDemoSignature: false });
    expect(tokenize.maxLength).toBe(512);
    expect(inject.canaries).toBeGreaterThanOrEqual(64);
  });
});

describe('extends', () => {
  const base = parsed.filter(({ document: { name } }) => name === 'default');

  it('merges objects, replaces arrays, leaves the parent as it was', () => {
    const child = document(
      'child',
      'extends: default\nredact: {entities: {PERSON: keep}}\ninject: {repetitions: [1]}',
    );
    const before = JSON.stringify(base[0]?.document);
    const policy = resolvePolicy('child', [...base, child]);
    expect(policy.redact.entities['PERSON']).toBe('keep');
    expect(policy.redact.entities['EMAIL_ADDRESS']).toBe('placeholder');
    expect(policy.inject.repetitions).toEqual([1]);
    expect(policy.description).toBeUndefined();
    expect(JSON.stringify(base[0]?.document)).toBe(before);
  });

  it('follows a chain, the nearest document winning', () => {
    const middle = document('middle', 'extends: default\ntrain: {r: 8, seed: 7}');
    const leaf = document('leaf', 'extends: middle\ntrain: {r: 4}');
    const { train } = resolvePolicy('leaf', [leaf, ...base, middle]);
    expect([train.r, train.seed, train.alpha]).toEqual([4, 7, 32]);
  });

  it('treats __proto__ as an unknown property, not as a prototype', () => {
    const child = document('child', 'extends: default\ntrain: {__proto__: {r: 4}}');
    const error = failure(() => resolvePolicy('child', [...base, child]));
    expect(error.code).toBe('POLICY_SCHEMA');
    expect(({} as Record<string, unknown>)['r']).toBeUndefined();
  });

  it.each([
    ['an unknown policy', 'nobody', [], 'POLICY_UNKNOWN', 'nobody', '/name'],
    [
      'an unknown parent',
      'child',
      [document('child', 'extends: nobody')],
      'POLICY_PARENT_UNKNOWN',
      'child',
      '/extends',
    ],
    [
      'a circle',
      'a',
      [document('a', 'extends: b'), document('b', 'extends: a')],
      'POLICY_CYCLE',
      'b',
      '/extends',
    ],
    ['itself as parent', 'a', [document('a', 'extends: a')], 'POLICY_CYCLE', 'a', '/extends'],
    ['a name twice', 'a', [document('a', ''), document('a', '')], 'POLICY_DUPLICATE', 'a', '/name'],
    [
      'an unknown property',
      'child',
      [document('child', 'extends: default\ntrain: {rank: 4}')],
      'POLICY_SCHEMA',
      'child',
      '/train/rank',
    ],
    [
      'a value out of range',
      'child',
      [document('child', 'extends: default\ntrain: {dropout: 1}')],
      'POLICY_SCHEMA',
      'child',
      '/train/dropout',
    ],
    [
      'a model of names that is not held to its bytes',
      'child',
      [document('child', 'extends: default\nredact: {model: {folder: models/names}}')],
      'POLICY_SCHEMA',
      'child',
      '/redact/model',
    ],
    ['a missing section', 'alone', [document('alone', '')], 'POLICY_SCHEMA', 'alone', '/'],
    [
      'an audit that could not fail',
      'child',
      [document('child', 'extends: default\naudit: {maxExposureBits: 10}')],
      'POLICY_CONTRADICTION',
      'child',
      '/audit/maxExposureBits',
    ],
    [
      'an audit that unlucky coins would shut',
      'child',
      // Of the 128 canaries every other one is inserted four times.
      [document('child', 'extends: default\naudit: {minCanariesRead: 17}')],
      'POLICY_CONTRADICTION',
      'child',
      '/audit/minCanariesRead',
    ],
    [
      'a waived review that the release requires',
      'child',
      [document('child', 'extends: default\nreview: {required: false}')],
      'POLICY_CONTRADICTION',
      'child',
      '/review/required',
    ],
  ] as const)('refuses %s', (_, name, documents, code, where, pointer) => {
    const error = failure(() => resolvePolicy(name, [...base, ...documents]));
    expect(error.code).toBe(code);
    expect(error.problems[0]).toMatchObject({ document: where, pointer });
    expect(error.message).toContain(pointer);
  });

  it('names the line in the document that wrote the wrong value', () => {
    const parent = document('parent', 'extends: default\ntrain:\n  r: 4\n  dropout: 1');
    const child = document('child', 'extends: parent\ntrain: {seed: 1}');
    const error = failure(() => resolvePolicy('child', [...base, parent, child]));
    expect(error.problems).toEqual([
      expect.objectContaining({ document: 'parent', pointer: '/train/dropout', line: 6 }),
    ]);
  });
});
