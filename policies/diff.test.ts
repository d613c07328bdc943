import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diffPolicies, leavesOf, stepsToRunAgain } from './diff.js';
import { parsePolicyText, resolvePolicy } from './index.js';
import { DIRECTED, stricterOf } from './strictness.js';

const FOLDER = new URL('.', import.meta.url);
const packs = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => parsePolicyText(readFileSync(new URL(file, FOLDER), 'utf8'), file));
const base = resolvePolicy('default', packs);

describe('stricterOf', () => {
  it.each([
    ['/ingest/maxBadRowShare', 0.01, 0.02, 'left'],
    ['/review/sampleSize', 299, 598, 'right'],
    ['/review/allowDemoSignature', true, false, 'right'],
    ['/review/separateSubmitter', true, false, 'left'],
    ['/redact/entities/CREDIT_CARD', 'placeholder', 'drop-record', 'right'],
    ['/redact/entities/CREDIT_CARD', 'keep', undefined, 'left'],
    ['/redact/entities/CREDIT_CARD', 'placeholder', 'unheard-of', 'undecided'],
    ['/minimize/recordBudget', null, 1000, 'right'],
    ['/release/maxHeldOutLossRatio', undefined, 1, 'right'],
    ['/release/requires', ['audit', 'review'], ['review'], 'left'],
    ['/release/requires', ['audit'], ['review'], 'undecided'],
    ['/assess/architectures', ['A', 'B'], ['A'], 'right'],
    ['/review/sampleSize', 'many', 5, 'undecided'],
    ['/train/r', 8, 16, 'undecided'],
    ['/redact/entities', { PERSON: 'keep' }, null, 'undecided'],
  ] as const)('%s: %j and %j', (pointer, left, right, expected) => {
    expect(stricterOf(pointer, left, right)).toBe(expected);
    const turned = { left: 'right', right: 'left', undecided: 'undecided' } as const;
    expect(stricterOf(pointer, right, left)).toBe(turned[expected]);
  });

  it('speaks of settings that exist', () => {
    const known = new Set(leavesOf(base).keys());
    const missing = DIRECTED.filter((at) => {
      return at.endsWith('/*') ? !known.has(at.replace('*', 'PERSON')) : !known.has(at);
    });
    expect(missing).toEqual([]);
  });
});

describe('diffPolicies', () => {
  const changed = {
    ...base,
    name: 'other',
    review: { ...base.review, sampleSize: 20 },
    redact: { ...base.redact, entities: { ...base.redact.entities, PERSON: 'keep' } },
  } as const;

  it('finds nothing between a policy and itself', () => {
    expect(diffPolicies(base, structuredClone(base))).toEqual([]);
    expect(stepsToRunAgain(base, { ...base, name: 'renamed' })).toEqual([]);
  });

  it('names each setting, both values and the stricter side', () => {
    expect(diffPolicies(base, changed)).toEqual([
      { pointer: '/redact/entities/PERSON', left: 'placeholder', right: 'keep', stricter: 'left' },
      { pointer: '/review/sampleSize', left: 299, right: 20, stricter: 'left' },
    ]);
  });

  it('names the steps that read what differs, and the release', () => {
    const { sampleSize: _, ...review } = base.review;
    const train = { ...base, train: { ...base.train, seed: 7 } };
    expect(stepsToRunAgain(base, train).map((name) => name.replace(/\.v\d+$/, ''))).toEqual([
      'custos.train',
      'custos.release',
    ]);
    const names = stepsToRunAgain(base, { ...base, review: { sampleSize: 1, ...review } });
    expect(names.some((name) => name.startsWith('custos.review.'))).toBe(true);
    expect(names.some((name) => name.startsWith('custos.redact.shard.'))).toBe(false);
  });
});
