import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeAdapter, findToChange, requireRole } from '../../cli/change-adapter.js';
import { beginStep, canonicalBytes, commitStep, digestJson } from '../../domain/lineage/index.js';
import {
  createIdentity,
  unlockIdentity,
  type UnlockedIdentity,
} from '../../infra/identity/index.js';
import { parsePolicyText, resolvePolicy, STEPS } from '../../policies/index.js';
import type { ArtifactRef, GateDecision, RegistryEntry } from '../../schemas/index.js';
import { openTestInstallation, type TestInstallation } from '../support/runtime.js';

const text = readFileSync(new URL('../../policies/default.yaml', import.meta.url), 'utf8');
const POLICY = resolvePolicy('default', [parsePolicyText(text, 'default')]);
const PASSPHRASE = 'a long enough passphrase';
const PEOPLE = [
  ['sam', ['submitter', 'releaser']],
  ['lee', ['releaser']],
  ['rea', ['reviewer']],
] as const;
const DAY_MS = 86_400_000;
const unlocked = new Map<string, UnlockedIdentity>();

let installation: TestInstallation;
let project = '';
let count = 0;

beforeAll(async () => {
  installation = await openTestInstallation();
  for (const [subject, roles] of PEOPLE) {
    await createIdentity(installation.stores.identityDir, {
      subject,
      roles: [...roles],
      passphrase: PASSPHRASE,
    });
    const { identityDir } = installation.stores;
    unlocked.set(subject, await unlockIdentity(identityDir, subject, PASSPHRASE));
  }
});
afterAll(() => installation.close());
beforeEach(() => {
  count += 1;
  project = `p${String(count)}`;
});

const put = (value: unknown): Promise<ArtifactRef> =>
  installation.stores.artifacts.put(canonicalBytes(value), {
    class: 'evidence',
    mediaType: 'application/json',
    project,
  });

/** A version of `support` as a run registers it. */
async function register(
  version: number,
  {
    decision = {},
    stage = 'candidate',
  }: { decision?: object; stage?: RegistryEntry['stage'] } = {},
): Promise<RegistryEntry> {
  const { runtime, stores } = installation;
  const runId = `${project}-run-${String(version)}`;
  const policy = await put(POLICY);
  const judged: GateDecision = {
    outcome: 'released',
    validUntil: new Date(Date.now() + DAY_MS).toISOString(),
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
    ...decision,
  };
  const request = { runId, project, params: { version }, inputs: { policy }, policy };
  const begun = await beginStep(runtime, STEPS.release, request);
  const outputs = { decision: await put(judged) };
  await commitStep(runtime, STEPS.release, request, begun, { outputs }, 1);
  return stores.registry.register({
    schema: 'custos.registry-entry.v1',
    project,
    name: 'support',
    adapterDigest: digestJson(version),
    runId,
    submitter: { issuer: 'local', subject: 'sam' },
    stage,
    baseModelRevision: digestJson('model'),
    policyDigest: policy.digest,
    decisionDigest: outputs.decision.digest,
    reports: {},
    approvals: [digestJson('approval')],
    createdAt: new Date().toISOString(),
    promotions: [],
  });
}

type Change = Parameters<typeof changeAdapter>[1];

async function act(change: Change, subject: string, version?: number): Promise<RegistryEntry> {
  const wanted = { project, name: 'support', ...(version === undefined ? {} : { version }) };
  const entry = await findToChange(installation, change, wanted);
  await requireRole(installation, change, subject);
  const person = unlocked.get(subject);
  if (person === undefined) throw new Error(`${subject} has no key`);
  return changeAdapter(installation, change, entry, person, 'figures read and agreed');
}

it('promotes, rolls back and revokes, each with its signed reason', async () => {
  await register(1);
  await register(2);
  expect(await act('promote', 'lee', 1)).toMatchObject({ version: 1, stage: 'released' });
  expect(await act('promote', 'lee')).toMatchObject({ version: 2, stage: 'released' });
  expect(await act('rollback', 'lee')).toMatchObject({ version: 2, stage: 'candidate' });
  const revoked = await act('revoke', 'rea', 2);
  expect(revoked).toMatchObject({ version: 2, stage: 'revoked' });
  expect(revoked.promotions).toHaveLength(3);
  const last = Buffer.from(revoked.promotions[2]?.payload ?? '', 'base64').toString();
  expect(JSON.parse(last)).toMatchObject({ predicate: { meaning: 'figures read and agreed' } });
  expect(await installation.stores.registry.find(project, 'support')).toMatchObject({
    version: 1,
    stage: 'released',
  });
});

describe('a change is refused', () => {
  const shut = {
    outcome: 'refused',
    gates: [
      {
        name: 'canary-exposure',
        group: 'audit',
        required: true,
        verdict: 'shut',
        figure: 9,
        limit: 2,
        reason: 'mean exposure',
      },
    ],
  };
  it.each<[string, Change, string, Parameters<typeof register>[1], RegExp]>([
    ['to its own submitter', 'promote', 'sam', {}, /sam submitted the run and cannot release it/],
    ['to a person without the role', 'promote', 'rea', {}, /rea may not release.*releaser/],
    ['with a demo behind it', 'promote', 'lee', { stage: 'candidate (demo)' }, /demo signature/],
    ['at a shut gate', 'promote', 'lee', { decision: shut }, /gate is shut \(canary-exposure\)/],
    [
      'when the approval has ended',
      'promote',
      'lee',
      { decision: { validUntil: '2026-01-01T00:00:00.000Z' } },
      /approval of its data ended at 2026-01-01/,
    ],
  ])('%s: GATE_SHUT', async (_why, change, subject, how, message) => {
    await register(1, how);
    await expect(act(change, subject)).rejects.toMatchObject({
      code: 'GATE_SHUT',
      message: expect.stringMatching(message) as string,
    });
    expect(await installation.stores.registry.find(project, 'support', 1)).toMatchObject({
      stage: how?.stage ?? 'candidate',
      promotions: [],
    });
  });

  it('back to nothing: the only release is revoked instead', async () => {
    await register(1);
    await act('promote', 'lee');
    await expect(act('rollback', 'lee')).rejects.toMatchObject({
      code: 'GATE_SHUT',
      message: expect.stringContaining('no earlier version is released') as string,
    });
  });

  it.each<[string, Change, number | undefined, string]>([
    ['of another stage', 'rollback', 1, 'USAGE'],
    ['that is not there', 'revoke', 7, 'NOT_FOUND'],
  ])('of a version %s', async (_why, change, version, code) => {
    await register(1);
    await expect(act(change, 'lee', version)).rejects.toMatchObject({ code });
  });

  it('to somebody unknown, before a passphrase is asked for', async () => {
    await register(1);
    await expect(act('promote', 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
