import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateGateDecision } from '../schemas/index.js';
import {
  decideGate,
  isDecisionValid,
  parsePolicyText,
  resolvePolicy,
  type ReleaseFigures,
} from './index.js';

const text = readFileSync(new URL('default.yaml', import.meta.url), 'utf8');
const policy = resolvePolicy('default', [parsePolicyText(text, 'default')]);

const GOOD = {
  assessment: { refusals: 0 },
  review: {
    approved: true,
    demo: false,
    signedAt: '2026-11-01T12:00:00Z',
    plantedShown: 5,
    plantedFound: 4,
  },
  audit: {
    errors: 0,
    vaultHits: 0,
    canaryShortage: 0,
    meanExposureBits: 1.4,
    verbatimExtracted: 0,
  },
  heldOut: { lossBefore: 2, lossAfter: 1.5 },
} as const satisfies ReleaseFigures;

type Path = readonly [keyof typeof GOOD, string];
const PATHS = Object.entries(GOOD).flatMap(([group, figures]) =>
  Object.keys(figures).map((name) => [group, name] as Path),
);

function withFigure([group, name]: Path, value: unknown): ReleaseFigures {
  return { ...GOOD, [group]: { ...GOOD[group], [name]: value } };
}

function shutGates(figures: ReleaseFigures): string[] {
  return decideGate(policy, figures)
    .gates.filter(({ verdict }) => verdict !== 'open')
    .map(({ name }) => name);
}

describe('decideGate', () => {
  it('releases on good figures, in a form that matches its schema', () => {
    const decision = decideGate(policy, GOOD);
    expect(decision.outcome).toBe('released');
    expect(validateGateDecision(decision)).toBe(true);
  });

  it.each([
    [['assessment', 'refusals'], 1, 'base-model-assessed'],
    [['review', 'approved'], false, 'review-approved'],
    [['review', 'signedAt'], 'yesterday', 'approval-dated'],
    [['review', 'signedAt'], '0', 'approval-dated'],
    [['review', 'plantedFound'], 2, 'reviewer-attentive'],
    [['review', 'plantedFound'], 6, 'reviewer-attentive'],
    [['review', 'plantedShown'], 4, 'reviewer-attentive'],
    [['audit', 'errors'], 1, 'audit-complete'],
    [['audit', 'vaultHits'], 1, 'no-removed-values'],
    [['audit', 'canaryShortage'], 1, 'canary-shortage'],
    [['audit', 'meanExposureBits'], 3.01, 'canary-exposure'],
    [['audit', 'verbatimExtracted'], 1, 'no-extraction'],
    [['heldOut', 'lossAfter'], 2.01, 'held-out-loss'],
    [['heldOut', 'lossBefore'], 0, 'held-out-loss'],
  ] as const)('%s = %s shuts %s alone', (path, value, gate) => {
    const figures = withFigure(path, value);
    expect(decideGate(policy, figures).outcome).toBe('refused');
    expect(shutGates(figures)).toEqual([gate]);
  });

  it.each(PATHS.filter(([, name]) => name !== 'demo'))('refuses without %s.%s', (group, name) => {
    expect(decideGate(policy, withFigure([group, name], undefined)).outcome).toBe('refused');
  });

  it('refuses on no figures at all, and never releases where the review is waived', () => {
    expect(decideGate(policy, {}).outcome).toBe('refused');
    const waived = {
      ...policy,
      review: { ...policy.review, required: false },
      release: { requires: [] },
    };
    expect(decideGate(waived, GOOD).outcome).toBe('unreviewed-candidate');
    const leaking = { ...waived, release: { requires: ['audit' as const] } };
    expect(decideGate(leaking, withFigure(['audit', 'vaultHits'], 1)).outcome).toBe('refused');
    expect(decideGate(leaking, { ...GOOD, review: { approved: false } }).outcome).toBe(
      'unreviewed-candidate',
    );
  });

  it.each([
    [true, 'demo-candidate'],
    [undefined, 'demo-candidate'],
    [false, 'released'],
  ])('demo signature %s gives %s', (demo, outcome) => {
    expect(decideGate(policy, withFigure(['review', 'demo'], demo)).outcome).toBe(outcome);
  });

  it('reports gates of groups that are not required without letting them decide', () => {
    const lenient = { ...policy, release: { requires: ['review' as const] } };
    const decision = decideGate(lenient, { review: GOOD.review });
    expect(decision.outcome).toBe('released');
    expect(decision.gates.find(({ name }) => name === 'audit-complete')).toMatchObject({
      required: false,
      verdict: 'missing',
    });
  });

  it('says until when it may be acted on, from the approval and the policy alone', () => {
    const brief = { ...policy, review: { ...policy.review, approvalValidDays: 2 } };
    const decision = decideGate(brief, GOOD);
    expect(decision.validUntil).toBe('2026-11-03T12:00:00.000Z');
    expect(decideGate(brief, withFigure(['review', 'signedAt'], 'never')).validUntil).toBeNull();
    const unreviewed = { ...brief, release: { requires: ['audit' as const] } };
    expect(decideGate(unreviewed, GOOD).validUntil).toBeNull();
  });

  it.each([
    ['2026-11-03T11:59:59Z', true],
    ['2026-11-03T12:00:00Z', true],
    ['2026-11-03T12:00:01Z', false],
    ['some day', false],
  ])('at %s a decision that ends at noon of the third may be acted on: %s', (at, expected) => {
    const decision = { validUntil: '2026-11-03T12:00:00Z' };
    expect(isDecisionValid(decision, Date.parse(at))).toBe(expected);
    expect(isDecisionValid({ validUntil: 'some day' }, Date.parse(at))).toBe(false);
    expect(isDecisionValid({ validUntil: null }, Date.parse(at))).toBe(true);
  });

  it('never opens on a figure that is not a finite number', () => {
    const broken = fc.constantFrom(NaN, Infinity, -Infinity, -1, null, '0', [], {});
    fc.assert(
      fc.property(fc.constantFrom(...PATHS), broken, (path, value) => {
        if (path[1] === 'demo') return true;
        return decideGate(policy, withFigure(path, value)).outcome === 'refused';
      }),
      { numRuns: 300 },
    );
  });
});
