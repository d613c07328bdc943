import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  actorOf,
  demoReviewer,
  demoSubmitter,
  KEYS,
  makeBundle,
  makeParty,
  promote,
  readerOf,
  releaser,
  reviewer,
  worker,
  type BundleFiles,
  type Changes,
} from '../../test/support/evidence-bundle.js';
import type { ArtifactRef, StepResult } from '../../schemas/index.js';
import { sha256 } from '../lineage/digest.js';
import { signEnvelope, RESULT_PAYLOAD_TYPE } from './dsse.js';
import { CHECK_NAMES, verifyBundle, type EvidenceKey } from './index.js';

const verify = (files: BundleFiles, keys = KEYS) => verifyBundle(readerOf(files), keys);

/** `check: file` of every finding. */
async function faults(files: BundleFiles, keys = KEYS): Promise<string[]> {
  const { ok, checks } = await verify(files, keys);
  const found = checks.flatMap(({ name, findings }) =>
    findings.map(({ file }) => `${name}: ${file}`),
  );
  expect(ok).toBe(found.length === 0 && checks.every(({ status }) => status === 'passed'));
  return found;
}

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

describe('an untroubled bundle', () => {
  test('passes every check', async () => {
    const report = await verify(await makeBundle());
    expect(report.checks.flatMap(({ findings }) => findings)).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.checks.map(({ name }) => name)).toEqual(CHECK_NAMES);
  });

  test('passes as a demo when demo people signed', async () => {
    const files = await makeBundle({
      people: { submitter: demoSubmitter, reviewer: demoReviewer },
    });
    expect(await faults(files)).toEqual([]);
  });

  test('passes as released, and as promoted by a releaser', async () => {
    const released = await makeBundle({ entry: (entry) => ({ ...entry, stage: 'released' }) });
    expect(await faults(released)).toEqual([]);
    const promoted = await makeBundle(await promotedBy(releaser));
    expect(await faults(promoted)).toEqual([]);
  });
});

async function promotedBy(by: typeof releaser, people: Changes['people'] = {}): Promise<Changes> {
  let promotion: Awaited<ReturnType<typeof promote>> | undefined;
  await makeBundle({
    people,
    entry: (entry) => {
      void promote(entry, by, { from: 'candidate', to: 'released' }).then((signed) => {
        promotion = signed;
      });
      return entry;
    },
  });
  return {
    people,
    entry: (entry) => ({
      ...entry,
      stage: 'released',
      promotions: promotion === undefined ? [] : [promotion],
    }),
  };
}

describe('a changed file', () => {
  test('one flipped bit at any place of any file is found in that file', async () => {
    const files = await makeBundle();
    const paths = [...files.keys()];
    const position = fc.record({
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      bit: fc.integer({ min: 0, max: 7 }),
    });
    for (const path of paths) {
      await fc.assert(
        fc.asyncProperty(position, async ({ at, bit }) => {
          const bytes = Buffer.from(files.get(path) ?? '');
          const offset = Math.floor(at * bytes.length);
          bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit);
          const [first] = await faults(new Map(files).set(path, bytes));
          expect(first).toMatch(new RegExp(`^(manifest|digests): ${path.replaceAll('.', '\\.')}$`));
        }),
        { numRuns: 12 },
      );
    }
  });

  test.each([
    ['a byte appended', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('\n')])],
    ['a byte removed', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['nothing left', () => Buffer.alloc(0)],
  ])('%s is found in every file', async (_, change) => {
    const files = await makeBundle();
    for (const [path, bytes] of files) {
      const changed = new Map(files).set(path, change(bytes));
      expect(await faults(changed)).toEqual([expect.stringContaining(`: ${path}`)]);
    }
  });

  test('every byte of the signature and bytes all over the manifest matter', async () => {
    const files = await makeBundle();
    for (const [path, stride] of [
      ['manifest.json', 31],
      ['manifest.dsse.json', 1],
    ] as const) {
      const bytes = files.get(path) ?? Buffer.alloc(0);
      for (let offset = 0; offset < bytes.length; offset += stride) {
        const changed = Buffer.from(bytes);
        changed[offset] = (changed[offset] ?? 0) ^ 1;
        expect(await faults(new Map(files).set(path, changed))).toEqual([`manifest: ${path}`]);
      }
    }
  });

  test('a missing and an extra file are named', async () => {
    const files = await makeBundle();
    files.delete('reports/audit.json');
    files.set('reports/.hidden', Buffer.from('x'));
    expect(await faults(files)).toEqual([
      'files: reports/audit.json',
      'files: reports/.hidden',
      'digests: reports/audit.json',
    ]);
  });
});

describe('keys', () => {
  test.each(['worker', 'ledger', 'sam', 'rea'])('without %s it fails', async (owner) => {
    const keys = KEYS.filter((key) => key.owner !== owner);
    expect(await faults(await makeBundle(), keys)).not.toEqual([]);
  });

  test.each([
    ['a worker key trusted as a ledger key', 'worker', { use: 'ledger' }],
    ['a ledger key trusted as a worker key', 'ledger', { use: 'worker' }],
    ['a reviewer without the role', 'rea', { roles: ['auditor'] }],
    ['a reviewer without any role', 'rea', { roles: [] }],
    ['a key of another person', 'rea', { owner: 'kim' }],
    ['a key since marked as a demo', 'rea', { demo: true }],
  ] satisfies [string, string, Partial<EvidenceKey>][])(
    '%s does not count',
    async (_, owner, change) => {
      const keys = KEYS.map((key) => (key.owner === owner ? { ...key, ...change } : key));
      expect(await faults(await makeBundle(), keys)).not.toEqual([]);
    },
  );

  test('two keys under one id are refused', async () => {
    const { key } = makeParty('worker', 'worker');
    expect(await faults(await makeBundle(), [...KEYS, key])).not.toEqual([]);
  });

  test('no keys trust nothing', async () => {
    expect(await faults(await makeBundle(), [])).toEqual(['manifest: manifest.dsse.json']);
  });
});

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
          return changing('apply.shard', (result) => ({
            ...result,
            inputs: { ...result.inputs, redacted: raw },
          }))(results);
        },
      },
    ],
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
    ['a revocation that nobody signed', 'stage', { entry: (e) => ({ ...e, stage: 'revoked' }) }],
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
    const report = await verify(await makeBundle(changes));
    const failed = report.checks.filter(({ status }) => status === 'failed').map((c) => c.name);
    expect(report.ok).toBe(false);
    expect(failed).toContain(check);
  });

  test('the submitter cannot approve', async () => {
    const both = makeParty('bo', 'person', { roles: ['submitter', 'reviewer'] });
    const files = await makeBundle({ people: { submitter: both, reviewer: both } });
    const found = await faults(files, [...KEYS, both.key]);
    expect(found).toContainEqual(expect.stringMatching(/^separation: envelopes\//));
  });

  test('a reviewer cannot release, and a demo cannot be released', async () => {
    expect(await faults(await makeBundle(await promotedBy(reviewer)))).toEqual([
      'stage: registry/entry.json',
    ]);
    const demo = await promotedBy(releaser, { reviewer: demoReviewer });
    expect(await faults(await makeBundle(demo))).toContain('stage: registry/entry.json');
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
    expect(await faults(files)).toContainEqual(expect.stringMatching(/^signatures: results\//));
  });

  test('a document in another form than the canonical is refused', async () => {
    const loose = Buffer.from(
      '{ "step": "custos.x.v1", "memoKey": "sha256:' + 'a'.repeat(64) + '" }',
    );
    const envelope = await signEnvelope(worker.signer, RESULT_PAYLOAD_TYPE, loose);
    const files = await makeBundle({
      parts: (parts) => ({ ...parts, results: [...parts.results, envelope] }),
    });
    const report = await verify(files);
    expect(report.checks.find(({ name }) => name === 'documents')?.status).toBe('failed');
    expect(report.checks.find(({ name }) => name === 'stage')?.status).toBe('not-run');
  });
});
