import { describe, expect, it } from 'vitest';
import { canonicalBytes, sha256 } from './digest.js';
import { digestsInText, mayRefer, referencesIn } from './references.js';

const [A, B, C] = ['a', 'b', 'c'].map((text) => sha256(text)) as [string, string, string];
const bare = (digest: string): string => digest.slice('sha256:'.length);
const ref = (digest: string) => ({
  digest,
  class: 'derived',
  mediaType: 'application/vnd.custos.tokens',
  sizeBytes: 3,
});

const envelope = (payload: unknown) => ({
  payloadType: 'application/vnd.in-toto+json',
  payload: Buffer.from(canonicalBytes(payload)).toString('base64'),
  signatures: [],
});

describe('references of a document', () => {
  it('are found at any depth, as references and as digests', () => {
    const found = referencesIn(canonicalBytes({ items: [{ outputs: { x: [ref(A)] } }, B] }));
    expect([...found.digests].sort()).toEqual([A, B].sort());
    expect(found.refs).toEqual([ref(A)]);
  });

  it('are found in a signed envelope, also in one within another', () => {
    const inner = envelope({ subject: [{ digest: { sha256: bare(A) } }], runId: 'run-1' });
    const found = referencesIn(
      canonicalBytes(envelope({ stored: { envelope: inner, out: ref(B) } })),
    );
    expect([...found.digests].sort()).toEqual([A, B].sort());
    expect(found.refs).toEqual([ref(B)]);
    expect([...found.runIds]).toEqual(['run-1']);
  });

  it('are found in what is no JSON', () => {
    expect([...referencesIn(Buffer.from(`{ cut off ${A} and ${bare(B)}`)).digests]).toEqual([A, B]);
  });

  it('hold the names of members too', () => {
    expect([...referencesIn(canonicalBytes({ [C]: 1 })).digests]).toEqual([C]);
  });
});

it.each([
  ['a digit more', `${bare(A)}0`],
  ['a digit less', bare(A).slice(1)],
  ['capitals', bare(A).toUpperCase()],
])('no digest has %s', (_, text) => {
  expect(digestsInText(`x ${text} y`).size).toBe(0);
});

it.each([
  ['application/vnd.custos.records+jsonl', false],
  ['application/vnd.safetensors', false],
  ['application/vnd.custos.step-results+json', true],
  ['application/json', true],
  ['application/vnd.custos.some-kind-of-tomorrow', true],
])('artifacts of %s may refer to others: %s', (mediaType, expected) => {
  expect(mayRefer(mediaType)).toBe(expected);
});
