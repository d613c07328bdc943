import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRegister } from '../../activities/register.js';
import { reviewStatement, signStatement, type EvidenceKey } from '../../domain/evidence/index.js';
import { beginStep, canonicalBytes, commitStep } from '../../domain/lineage/index.js';
import { STEPS } from '../../policies/index.js';
import type { Actor, ArtifactRef, GateDecision, StepResult } from '../../schemas/index.js';
import { actorOf, reviewer } from '../support/evidence-bundle.js';
import { openTestInstallation, runtimeOf, type TestInstallation } from '../support/runtime.js';

const END = '2026-12-01T00:00:00.000Z';
const DECISION: GateDecision = {
  outcome: 'released',
  validUntil: END,
  gates: [
    {
      name: 'audit-complete',
      group: 'audit',
      required: true,
      verdict: 'open',
      figure: 0,
      limit: 0,
      reason: 'attacks that ended in an error',
    },
  ],
};
const SUBMITTER: Actor = {
  issuer: 'local',
  subject: 'sam',
  roles: ['submitter'],
  authTime: '2026-11-24T12:00:00.000Z',
  method: 'passphrase',
};

let installation: TestInstallation;
let release: StepResult;
let train: StepResult;

const put = (value: unknown): Promise<ArtifactRef> =>
  installation.stores.artifacts.put(canonicalBytes(value), {
    class: 'evidence',
    mediaType: 'application/json',
    project: 'demo',
  });

/** Signed by a reviewer; what it is about was judged before. */
const approvalOf = (digest: string) =>
  signStatement(
    reviewer.signer,
    reviewStatement({
      runId: 'run-1',
      batchRoot: digest,
      policyDigest: digest,
      decisionsDigest: digest,
      shownDigest: digest,
      verdict: 'approved',
      meaning: 'I approve the use of this batch.',
      actor: actorOf(reviewer),
      signedAt: SUBMITTER.authTime,
    }),
  );

beforeAll(async () => {
  installation = await openTestInstallation();
  const { runtime } = installation;
  const policy = await put({ train: {}, audit: {}, release: {}, review: {} });
  const commit = async (
    spec: (typeof STEPS)['train' | 'release'],
    inputs: Record<string, ArtifactRef>,
    outputs: Record<string, ArtifactRef>,
    values: Record<string, unknown>,
  ) => {
    const request = { runId: 'run-1', project: 'demo', params: {}, inputs, policy };
    const begun = await beginStep(runtime, spec, request);
    return commitStep(runtime, spec, request, begun, { outputs, values }, 1);
  };
  const adapter = { adapterConfig: await put({ r: 16 }), adapterWeights: await put('weights') };
  train = await commit(STEPS.train, {}, adapter, {});
  release = await commit(
    STEPS.release,
    { ...adapter, policy, approval: await put(await approvalOf(policy.digest)) },
    { decision: await put(DECISION) },
    { stage: 'candidate', baseModelRevision: policy.digest },
  );
});
afterAll(() => installation.close());

const registerAt = (now: string, people: readonly EvidenceKey[] = [reviewer.key]) => {
  const { stores } = installation;
  const { register } = createRegister({
    runtime: runtimeOf(stores, () => new Date(now)),
    artifacts: stores.artifacts,
    people: () => Promise.resolve(people),
    registry: stores.registry,
  });
  const request = { runId: 'run-1', project: 'demo', adapter: 'support', submitter: SUBMITTER };
  return register({ ...request, release, train });
};

it.each([
  ['is no longer known', [], 'SIGNATURE_INVALID'],
  ['is no longer a reviewer', [{ ...reviewer.key, roles: ['auditor' as const] }], 'GATE_SHUT'],
])('an adapter whose approver %s is not registered', async (_name, people, code) => {
  await expect(registerAt(END, people)).rejects.toMatchObject({ code });
  expect(await installation.stores.registry.list()).toEqual([]);
});

it('an adapter whose approval has run out is not registered, one in time is', async () => {
  await expect(registerAt('2026-12-01T00:00:00.001Z')).rejects.toMatchObject({
    code: 'GATE_SHUT',
    message: expect.stringContaining(END) as string,
  });
  expect(await installation.stores.registry.list()).toEqual([]);
  expect(await registerAt(END)).toMatchObject({ name: 'support', version: 1, stage: 'candidate' });
});
