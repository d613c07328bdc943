import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { parsePolicyText, PolicyError, resolvePolicy, type ParsedPolicy } from './index.js';

const read = (name: string): ParsedPolicy =>
  parsePolicyText(readFileSync(new URL(`${name}.yaml`, import.meta.url), 'utf8'), `${name}.yaml`);

const LOCKING = `schema: custos.policy.v1
name: locking
extends: default
review: {sampleSize: 400}
locked: [/review/sampleSize, /redact, /train/seed, /audit/maxVerbatim]`;

const parents = [read('default'), parsePolicyText(LOCKING, 'locking.yaml')];

function child(body: string): ParsedPolicy {
  return parsePolicyText(
    `schema: custos.policy.v1\nname: child\nextends: locking\n${body}`,
    'child.yaml',
  );
}

describe('locked settings', () => {
  it.each([
    ['made stricter', 'review: {sampleSize: 500}'],
    ['repeated', 'review: {sampleSize: 400}\ntrain: {seed: 42}'],
    ['next to a lock', 'review: {maxUncertain: 1}'],
    ['a stricter member of a locked section', 'redact: {entities: {PERSON: drop-record}}'],
  ])('may be %s', (_, body) => {
    expect(resolvePolicy('child', [...parents, child(body)]).name).toBe('child');
  });

  it.each([
    ['loosened', 'review:\n  sampleSize: 399', '/review/sampleSize', 5],
    [
      'loosened inside a locked section',
      'redact:\n  entities:\n    PERSON: keep',
      '/redact/entities/PERSON',
      6,
    ],
    ['changed where no side is stricter', 'train: {seed: 7}', '/train/seed', 4],
    ['loosened to a limit that is there', 'audit: {maxVerbatim: 1}', '/audit/maxVerbatim', 4],
  ])('may not be %s', (_, body, pointer, line) => {
    const act = (): unknown => resolvePolicy('child', [...parents, child(body)]);
    expect(act).toThrow(PolicyError);
    expect(act).toThrow(
      expect.objectContaining({
        code: 'POLICY_LOCKED',
        problems: [
          {
            document: 'child',
            file: 'child.yaml',
            pointer,
            line,
            expected: 'left as it is or made stricter: the pack locking locks it',
          },
        ],
      }) as Error,
    );
  });

  it('stay locked for grandchildren, whoever stands between', () => {
    const between = child('locked: []');
    const leaf = parsePolicyText(
      'schema: custos.policy.v1\nname: leaf\nextends: child\nreview: {sampleSize: 1}',
      'leaf.yaml',
    );
    expect(() => resolvePolicy('leaf', [...parents, between, leaf])).toThrow(/pack locking locks/);
  });

  it('bind nobody else', () => {
    const alone = parsePolicyText(
      'schema: custos.policy.v1\nname: alone\nextends: default\nreview: {sampleSize: 1}',
      'alone.yaml',
    );
    expect(resolvePolicy('alone', [...parents, alone]).review.sampleSize).toBe(1);
  });
});
