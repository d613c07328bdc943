import { describe, expect, test } from 'vitest';
import {
  actorOf,
  demoReviewer,
  demoSubmitter,
  faultsOf,
  KEYS,
  makeBundle,
  makeParty,
  promotedBy,
  readerOf,
  releaser,
  reviewer,
  worker,
  type Changes,
} from '../../test/support/evidence-bundle.js';
import type { ArtifactRef, StepResult } from '../../schemas/index.js';
import { canonicalBytes, sha256 } from '../lineage/digest.js';
import { artifactList } from '../lineage/lists.js';
import { signEnvelope, RESULT_PAYLOAD_TYPE } from './dsse.js';
import { verifyBundle } from './index.js';

const isStep = (name: string) => (result: StepResult) => result.step === `custos.${name}.v1`;

/** Changes every result of a step before anything is signed. */
const changing =
  (step: string, change: (result: StepResult) => StepResult) =>
  (results: readonly StepResult[]): readonly StepResult[] =>
    results.map((result) => (isStep(step)(result) ? change(result) : result));

const other: ArtifactRef = {
  digest: sha256('other'),
  class: 'derived',
  mediaType: 'application/octet-stream',
  sizeBytes: 5,
};

describe('a lie that the exporter signed', () => {
  const cases: readonly (readonly [string, string, Changes])[] = [
    [
      'a result that no run computed',
      'steps',
      { run: (run) => ({ ...run, outcome: 'reused', reusedFromRun: 'another-run' }) },
    ],
    ['a run of another step', 'steps', { run: (run) => ({ ...run, step: 'custos.other.v1' }) }],
    ['runs of another run only', 'steps', { run: (run) => ({ ...run, runId: 'another-run' }) }],
    [
      'an input from nowhere',
      'chain',
      {
        results: changing('train', (result) => ({
          ...result,
          inputs: { ...result.inputs, extra: other },
        })),
      },
    ],
    [
      'records that went around the review gate',
      'review',
      {
        results: (results) => {
          const redacted = results.find(isStep('redact.shard'))?.outputs['redacted'] ?? other;
          return changing('keep.shard', (result) => ({
            ...result,
            inputs: { ...result.inputs, approved: redacted },
          }))(results);
        },
      },
    ],
    [
      'decisions applied to other records',
      'review',
      {
        results: (results) => {
          const raw = results.find(isStep('ingest'))?.outputs['shards'] ?? other;
          return changing('apply', (result) => ({
            ...result,
            inputs: { ...result.inputs, redacted: raw },
          }))(results);
        },
      },
    ],
    [
      'a shard that read another record than its stage says',
      'steps',
      {
        results: changing('apply.shard', (result) => ({
          ...result,
          inputs: { ...result.inputs, redacted: result.inputs['vault'] ?? other },
        })),
      },
    ],
    [
      'a shard that the list of its stage leaves out',
      'steps',
      {
        results: (results) => {
          const [first] = results.filter(isStep('redact.shard'));
          return results.filter((result) => result !== first);
        },
      },
    ],
    [
      'a shard more than its stage was given',
      'steps',
      {
        results: (results) => [...results, ...results.filter(isStep('tokenize.shard')).slice(0, 1)],
      },
    ],
    [
      'slices of decisions on another batch',
      'review',
      {
        results: changing('decision-slices', (result) => ({
          ...result,
          inputs: { ...result.inputs, batch: other },
        })),
      },
    ],
    [
      'a list that no step made',
      'steps',
      {
        parts: (parts) => ({
          ...parts,
          lists: [...parts.lists, canonicalBytes(artifactList([other]))],
        }),
      },
    ],
    ['a missing list', 'steps', { parts: (parts) => ({ ...parts, lists: parts.lists.slice(1) }) }],
    ['a refusal', 'review', { review: (review) => ({ ...review, verdict: 'refused' }) }],
    [
      'an approval of another batch',
      'review',
      { review: (review) => ({ ...review, batchRoot: sha256('other') }) },
    ],
    [
      'an approval of other bytes',
      'review',
      { review: (review) => ({ ...review, shownDigest: sha256('other') }) },
    ],
    [
      'an approval under another policy',
      'review',
      { review: (review) => ({ ...review, policyDigest: sha256('other') }) },
    ],
    [
      'other decisions than the approved',
      'review',
      { review: (review) => ({ ...review, decisionsDigest: sha256('other') }) },
    ],
    [
      'an approval that the review step did not take',
      'review',
      {
        results: changing('review', (result) => ({
          ...result,
          outputs: { ...result.outputs, approval: other },
        })),
      },
    ],
    [
      'an approval that the entry does not name',
      'review',
      { entry: (e) => ({ ...e, approvals: [] }) },
    ],
    [
      'a stale authentication',
      'separation',
      {
        review: (review) => ({
          ...review,
          actor: { ...review.actor, authTime: '2026-11-20T12:00:00.000Z' },
        }),
      },
    ],
    [
      'an approval that has expired',
      'separation',
      {
        review: (review) => ({
          ...review,
          actor: { ...review.actor, authTime: '2024-11-23T12:00:00.000Z' },
          signedAt: '2024-11-23T12:00:00.000Z',
        }),
      },
    ],
    [
      'an actor who is somebody else',
      'signatures',
      { review: (review) => ({ ...review, actor: actorOf(releaser) }) },
    ],
    [
      'a submission of another request',
      'separation',
      { submission: (submission) => ({ ...submission, requestDigest: sha256('other') }) },
    ],
    [
      'another adapter than the trained',
      'adapter',
      { entry: (entry) => ({ ...entry, adapterDigest: sha256('other') }) },
    ],
    [
      'other weights than the trained',
      'adapter',
      {
        parts: (parts) => ({
          ...parts,
          adapterFiles: {
            ...parts.adapterFiles,
            'adapter_model.safetensors': () => Promise.resolve(Buffer.from('other weights')),
          },
        }),
      },
    ],
    [
      'an adapter file too many',
      'adapter',
      {
        parts: (parts) => ({
          ...parts,
          adapterFiles: {
            ...parts.adapterFiles,
            'run.sh': () => Promise.resolve(Buffer.from('#!')),
          },
        }),
      },
    ],
    [
      'another base model',
      'adapter',
      { entry: (entry) => ({ ...entry, baseModelRevision: sha256('other') }) },
    ],
    [
      'a shut gate',
      'gates',
      {
        decision: (decision) => ({
          ...decision,
          gates: decision.gates.map((gate) => ({ ...gate, verdict: 'shut' })),
        }),
      },
    ],
    [
      'a gate without a figure',
      'gates',
      {
        decision: (decision) => ({
          ...decision,
          gates: decision.gates.map((gate) => ({ ...gate, figure: null })),
        }),
      },
    ],
    [
      'a required gate left out',
      'gates',
      {
        decision: (decision) => ({
          ...decision,
          gates: decision.gates.filter(({ group }) => group !== 'audit'),
        }),
      },
    ],
    ['a refused release', 'gates', { decision: (d) => ({ ...d, outcome: 'refused' }) }],
    [
      'a report that no step made',
      'gates',
      {
        parts: (parts) => ({
          ...parts,
          reports: { ...parts.reports, 'nice.json': Buffer.from('{}') },
        }),
      },
    ],
    ['a failed leak audit', 'gates', { audit: (audit) => ({ ...audit, verdict: 'error' }) }],
    [
      'a leak audit of another adapter',
      'gates',
      { audit: (audit) => ({ ...audit, adapterDigest: sha256('other') }) },
    ],
    [
      'a report left out',
      'gates',
      {
        parts: ({ reports, ...parts }) => {
          const { 'audit.json': _, ...rest } = reports;
          return { ...parts, reports: rest };
        },
      },
    ],
    [
      'a result left out',
      'steps',
      { parts: (parts) => ({ ...parts, results: parts.results.slice(0, -1) }) },
    ],
    [
      'an envelope left out',
      'steps',
      { parts: (parts) => ({ ...parts, envelopes: parts.envelopes.slice(1) }) },
    ],
    [
      'an envelope that is not in the ledger',
      'ledger',
      {
        parts: (parts) => ({
          ...parts,
          envelopes: parts.envelopes.map((one) => ({
            ...one,
            salt: Buffer.alloc(32).toString('base64'),
          })),
        }),
      },
    ],
    [
      'a ledger cut short',
      'ledger',
      { parts: (p) => ({ ...p, proof: { ...p.proof, after: p.proof.after.slice(0, -1) } }) },
    ],
    [
      'receipts of another history',
      'ledger',
      {
        parts: (parts) => ({
          ...parts,
          envelopes: parts.envelopes.map((one) => ({
            ...one,
            receipt: { ...one.receipt, checkpoint: { ...parts.proof.checkpoint, size: 2 } },
          })),
        }),
      },
    ],
    [
      'a demo reviewer behind a candidate',
      'stage',
      { people: { reviewer: demoReviewer }, entry: (entry) => ({ ...entry, stage: 'candidate' }) },
    ],
    [
      'a demo submitter behind a release',
      'stage',
      { people: { submitter: demoSubmitter }, entry: (entry) => ({ ...entry, stage: 'released' }) },
    ],
    ['a release that nobody signed', 'stage', { entry: (e) => ({ ...e, stage: 'released' }) }],
    ['a revocation that nobody signed', 'stage', { entry: (e) => ({ ...e, stage: 'revoked' }) }],
    [
      'an adapter registered after its approval had run out',
      'gates',
      { entry: (entry) => ({ ...entry, createdAt: '2036-01-01T00:00:00.000Z' }) },
    ],
    [
      'a decision that ends later than its approval',
      'gates',
      {
        entry: (entry) => ({ ...entry, createdAt: '2036-01-01T00:00:00.000Z' }),
        decision: (decision) => ({ ...decision, validUntil: '2046-01-01T00:00:00.000Z' }),
      },
    ],
    [
      'a decision without an end on a reviewed dataset',
      'gates',
      { decision: (decision) => ({ ...decision, validUntil: null }) },
    ],
    [
      'another source than the submitted one',
      'separation',
      {
        submission: (submission) => ({
          ...submission,
          sources: [{ name: 'tickets', digest: `sha256:${'0'.repeat(64)}` }],
        }),
      },
    ],
    [
      'a submitted source that the request does not name',
      'separation',
      {
        submission: (submission) => ({
          ...submission,
          sources: [{ ...submission.sources?.[0], name: 'letters' } as never],
        }),
      },
    ],
    ['a source that nobody declares', 'chain', { parts: (parts) => ({ ...parts, sources: [] }) }],
    [
      'a waived review behind a release',
      'review',
      {
        policy: (policy) => ({ ...policy, review: { ...policy.review, required: false } }),
        review: (review) => ({ ...review, verdict: 'refused' }),
        entry: (entry) => ({ ...entry, stage: 'released' }),
      },
    ],
  ];

  test.each(cases)('%s is found by the check of %s', async (_, check, changes) => {
    const report = await verifyBundle(readerOf(await makeBundle(changes)), KEYS);
    const failed = report.checks.filter(({ status }) => status === 'failed').map((c) => c.name);
    expect(report.ok).toBe(false);
    expect(failed).toContain(check);
  });

  test('the submitter cannot approve', async () => {
    const both = makeParty('bo', 'person', { roles: ['submitter', 'reviewer'] });
    const files = await makeBundle({ people: { submitter: both, reviewer: both } });
    const found = await faultsOf(files, [...KEYS, both.key]);
    expect(found).toContainEqual(expect.stringMatching(/^separation: approvals\//));
  });

  test('a reviewer cannot release, and a demo cannot be released', async () => {
    expect(await faultsOf(await makeBundle(await promotedBy(reviewer)))).toEqual([
      'stage: registry/entry.json',
    ]);
    const demo = await promotedBy(releaser, { reviewer: demoReviewer });
    expect(await faultsOf(await makeBundle(demo))).toContain('stage: registry/entry.json');
  });

  test('a result signed by a person does not count', async () => {
    const files = await makeBundle({
      parts: (parts) => ({
        ...parts,
        results: parts.results.map((envelope) => ({
          ...envelope,
          signatures: envelope.signatures.map((one) => ({ ...one, keyid: reviewer.key.keyId })),
        })),
      }),
    });
    expect(await faultsOf(files)).toContainEqual(expect.stringMatching(/^signatures: results\//));
  });

  test('a document in another form than the canonical is refused', async () => {
    const loose = Buffer.from(
      '{ "step": "custos.x.v1", "memoKey": "sha256:' + 'a'.repeat(64) + '" }',
    );
    const envelope = await signEnvelope(worker.signer, RESULT_PAYLOAD_TYPE, loose);
    const files = await makeBundle({
      parts: (parts) => ({ ...parts, results: [...parts.results, envelope] }),
    });
    const report = await verifyBundle(readerOf(files), KEYS);
    expect(report.checks.find(({ name }) => name === 'documents')?.status).toBe('failed');
    expect(report.checks.find(({ name }) => name === 'stage')?.status).toBe('not-run');
  });
});
