import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePolicyText, policyPart, resolvePolicy, STEPS } from './index.js';

const text = readFileSync(new URL('default.yaml', import.meta.url), 'utf8');
const policy = resolvePolicy('default', [parsePolicyText(text, 'default')]);

describe('policyPart', () => {
  it('takes whole sections and single members', () => {
    expect(policyPart(policy, ['/inject', '/train/backend', '/train/seed'])).toEqual({
      inject: policy.inject,
      train: { backend: 'auto', seed: 42 },
    });
  });

  it('does not depend on the order of the pointers', () => {
    const one = policyPart(policy, ['/train/seed', '/train']);
    const other = policyPart(policy, ['/train', '/train/seed']);
    expect(one).toEqual(other);
    expect(one).toEqual({ train: policy.train });
  });

  it('leaves out what an optional member leaves out', () => {
    const { maxHeldOutLossRatio: _left, ...release } = policy.release;
    expect(policyPart({ ...policy, release }, ['/release/maxHeldOutLossRatio'])).toEqual({
      release: {},
    });
  });

  it('gives every step nothing of the sections that it does not name', () => {
    for (const { policy: pointers } of Object.values(STEPS)) {
      const named = [...new Set(pointers.map((pointer) => pointer.split('/')[1]))];
      expect(Object.keys(policyPart(policy, pointers)).toSorted()).toEqual(named.toSorted());
    }
  });
});
