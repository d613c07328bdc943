import { describe, expect, it } from 'vitest';
import { diffPolicies, stepsToRunAgain } from '../policies/index.js';
import { loadPack } from './load-policy.js';
import { demandsOf, describeDifferences, describeGaps, locksOf } from './policy-words.js';

describe('describeDifferences', () => {
  it('shows both values, the stricter side and the steps', async () => {
    const [left, right] = [(await loadPack('default')).policy, (await loadPack('pci')).policy];
    const text = describeDifferences(
      ['default', 'pci'],
      diffPolicies(left, right),
      stepsToRunAgain(left, right),
    );
    expect(text).toMatch(/^setting +default +pci +stricter$/m);
    expect(text).toMatch(/^\/redact\/entities\/CREDIT_CARD +"placeholder" +"drop-record" +pci$/m);
    expect(text).toMatch(/^ {2}custos\.redact\.shard\.v\d+$/m);
    expect(text).not.toMatch(/custos\.train\./);
  });

  it('says so when there is none', () => {
    expect(describeDifferences(['a', 'b'], [], [])).toBe('a and b do not differ');
  });
});

describe('a pack', () => {
  it('lists what it does not meet, and nothing that it meets', async () => {
    const gaps = describeGaps(demandsOf(await loadPack('hipaa-safe-harbor'))).join('\n');
    expect(gaps).toContain('164.514(b)(2)(i)(Q): not covered');
    expect(gaps).toContain('164.514(b)(2)(i)(I): covered in part');
    expect(gaps).not.toContain('164.514(b)(2)(i)(G)');
    expect(describeGaps(demandsOf(await loadPack('default')))).toEqual([]);
  });

  it('lists its locks', async () => {
    expect(locksOf(await loadPack('pci'))).toContain('/redact/entities');
    expect(locksOf(await loadPack('sample'))).toEqual([]);
  });
});
