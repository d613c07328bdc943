import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { promotionStatement, signStatement } from '../../domain/evidence/index.js';
import { canonicalBytes, digestJson, sha256, type Ledger } from '../../domain/lineage/index.js';
import { openRegistry, type Registry } from '../../infra/registry/index.js';
import { openDocumentStore } from '../../infra/object-store/index.js';
import { parsePolicyText, resolvePolicy } from '../../policies/index.js';
import type {
  DsseEnvelope,
  GateDecision,
  PromotionStatement,
  RegistryEntry,
} from '../../schemas/index.js';
import {
  demoReviewer,
  makeParty,
  releaser,
  reviewer,
  submitter,
} from '../support/evidence-bundle.js';
import { openTestInstallation, type TestInstallation } from '../support/runtime.js';

const NOW = '2026-11-24T12:00:00.000Z';
const text = readFileSync(new URL('../../policies/default.yaml', import.meta.url), 'utf8');
const policy = canonicalBytes(resolvePolicy('default', [parsePolicyText(text, 'default')]));
const decide = (more: Partial<GateDecision> = {}): Uint8Array =>
  canonicalBytes({
    outcome: 'released',
    validUntil: '2026-12-01T00:00:00.000Z',
    gates: [
      {
        name: 'audit-complete',
        group: 'audit',
        required: true,
        verdict: more.outcome === 'refused' ? 'shut' : 'open',
        figure: 0,
        limit: 0,
        reason: 'attacks that ended in an error',
      },
    ],
    ...more,
  });
const OPEN = decide();
const both = makeParty('bo', 'person', { roles: ['submitter', 'releaser'] });
const PEOPLE = [releaser, reviewer, submitter, demoReviewer, both];

let installation: TestInstallation;
let project = '';
let count = 0;
beforeAll(async () => {
  installation = await openTestInstallation();
});
afterAll(() => installation.close());
beforeEach(() => {
  count += 1;
  project = `p${String(count)}`;
});

const documents = () => openDocumentStore(installation.stores.driver, 'evidence', 'registry');

function registryWith(ledger: Ledger = installation.stores.ledger, now = NOW): Registry {
  return openRegistry({
    documents: documents(),
    ledger,
    signer: installation.stores.worker,
    trustedKeys: async () => [
      ...(await installation.stores.trustedKeys()),
      ...PEOPLE.map(({ key }) => key),
    ],
    randomBytes,
    now: () => new Date(now),
  });
}

const draft = (content: string, more: Partial<RegistryEntry> = {}) => ({
  schema: 'custos.registry-entry.v1' as const,
  project,
  name: 'support',
  adapterDigest: digestJson(content),
  runId: 'run-1',
  submitter: { issuer: 'local', subject: submitter.key.owner },
  stage: 'candidate' as const,
  baseModelRevision: digestJson('base'),
  policyDigest: sha256(policy),
  decisionDigest: sha256(OPEN),
  reports: {},
  approvals: [],
  createdAt: NOW,
  promotions: [],
  ...more,
});

type Party = typeof releaser;
type Move = Pick<PromotionStatement['predicate'], 'from' | 'to'>;
const RELEASE: Move = { from: 'candidate', to: 'released' };
const REVOKE: Move = { from: 'released', to: 'revoked' };
const ROLLBACK: Move = { from: 'released', to: 'candidate' };

function sign(
  { name, version, adapterDigest }: RegistryEntry,
  move: Move,
  by: Party = releaser,
  signedAt = NOW,
): Promise<DsseEnvelope> {
  const { owner, roles = [], demo } = by.key;
  const statement = promotionStatement({
    name,
    version,
    adapterDigest,
    ...move,
    meaning: 'because the test says so',
    actor: {
      issuer: 'local',
      subject: owner,
      roles: [...roles],
      authTime: signedAt,
      method: demo ? 'demo' : 'passphrase',
    },
    signedAt,
  });
  return signStatement(by.signer, statement);
}

const asked = (envelope: DsseEnvelope, decision = OPEN) => ({
  project,
  envelope,
  policy,
  decision,
});

/** A ledger that is down. */
const down = (): Ledger => ({
  ...installation.stores.ledger,
  append: () => Promise.reject(new Error('down')),
});

describe('registration', () => {
  it('gives racers of one name distinct versions, and the same adapter its own again', async () => {
    const registry = registryWith();
    const made = await Promise.all(
      ['a', 'b', 'c', 'd'].map((one) => registry.register(draft(one))),
    );
    expect(made.map(({ version }) => version).toSorted()).toEqual([1, 2, 3, 4]);
    expect(await registry.register(draft('c'))).toEqual(made[2]);
    expect(await registry.list(project)).toHaveLength(4);
    // What demo people signed does not stand in the way of the same adapter signed by others.
    const demo = await registry.register(draft('e', { stage: 'candidate (demo)' }));
    expect(await registry.register(draft('e'))).toMatchObject({ version: demo.version + 1 });
  });

  it('counts only with its ledger entry, and is finished by the retry', async () => {
    await expect(registryWith(down()).register(draft('a'))).rejects.toThrow('down');
    expect(await registryWith().list(project)).toEqual([]);
    const { size } = await installation.stores.ledger.checkpoint();
    const entry = await registryWith().register(draft('a'));
    expect(entry.version).toBe(1);
    expect(await registryWith().find(project, 'support')).toEqual(entry);
    expect((await installation.stores.ledger.checkpoint()).size).toBe(size + 1);
  });

  it('is verified when it is read', async () => {
    await registryWith().register(draft('a'));
    const key = `${project}/support/000001/registration.json`;
    const stored = await documents().read(key);
    const forged = Buffer.from(stored?.bytes ?? [])
      .toString('utf8')
      .replace('"payload":"ey', '"payload":"eY');
    await documents().replace(key, Buffer.from(forged), stored?.etag ?? '');
    await expect(registryWith().list(project)).rejects.toMatchObject({ name: 'LineageError' });
  });
});

describe('a change of stage', () => {
  it('releases, rolls back to the release before, and revokes for good', async () => {
    const registry = registryWith();
    const one = await registry.register(draft('one'));
    const two = await registry.register(draft('two'));
    const { size } = await installation.stores.ledger.checkpoint();
    await registry.promote(asked(await sign(one, RELEASE)));
    const signed = asked(await sign(two, RELEASE));
    expect(await registry.promote(signed)).toMatchObject({ version: 2, stage: 'released' });
    expect(await registry.promote(signed)).toMatchObject({ stage: 'released' });
    expect(await registry.rollback(asked(await sign(two, ROLLBACK)))).toMatchObject({
      stage: 'candidate',
    });
    await expect(registry.promote(signed)).rejects.toMatchObject({ code: 'GATE_SHUT' });
    await registry.revoke(asked(await sign(one, REVOKE, reviewer)));
    const stages = (await registry.list(project)).map(({ stage }) => stage);
    expect(stages).toEqual(['revoked', 'candidate']);
    expect((await installation.stores.ledger.checkpoint()).size).toBe(size + 4);
    const again = await sign(one, RELEASE, releaser, '2026-11-24T12:00:30.000Z');
    await expect(registry.promote(asked(again))).rejects.toMatchObject({
      code: 'EVIDENCE_INVALID',
    });
    expect(await registry.find(project, 'support')).toMatchObject({ version: 2 });
  });

  const refusals: readonly (readonly [string, () => Promise<unknown>, RegExp])[] = [
    [
      'by a reviewer',
      async () => {
        const entry = await registryWith().register(draft('a'));
        return registryWith().promote(asked(await sign(entry, RELEASE, reviewer)));
      },
      /role releaser/,
    ],
    [
      'by the submitter',
      async () => {
        const by = { issuer: 'local', subject: both.key.owner };
        const entry = await registryWith().register(draft('a', { submitter: by }));
        return registryWith().promote(asked(await sign(entry, RELEASE, both)));
      },
      /cannot release it/,
    ],
    [
      'of a demo candidate',
      async () => {
        const entry = await registryWith().register(draft('a', { stage: 'candidate (demo)' }));
        return registryWith().promote(asked(await sign(entry, RELEASE)));
      },
      /a demo is never released/,
    ],
    [
      'with a shut gate',
      async () => {
        const shut = decide({ outcome: 'refused' });
        const entry = await registryWith().register(draft('a', { decisionDigest: sha256(shut) }));
        return registryWith().promote(asked(await sign(entry, RELEASE), shut));
      },
      /gate is shut \(audit-complete\)/,
    ],
    [
      'on another decision than the entry names',
      async () => {
        const shut = decide({ outcome: 'refused' });
        const entry = await registryWith().register(draft('a', { decisionDigest: sha256(shut) }));
        return registryWith().promote(asked(await sign(entry, RELEASE)));
      },
      /is not the one that the entry names/,
    ],
    [
      'after the approval has run out',
      async () => {
        const late = '2026-12-02T00:00:00.000Z';
        const entry = await registryWith().register(draft('a'));
        const registry = registryWith(installation.stores.ledger, late);
        return registry.promote(asked(await sign(entry, RELEASE, releaser, late)));
      },
      /approval of its data ended/,
    ],
    [
      'signed long ago',
      async () => {
        const entry = await registryWith().register(draft('a'));
        return registryWith().promote(
          asked(await sign(entry, RELEASE, releaser, '2026-11-23T00:00:00.000Z')),
        );
      },
      /sign again/,
    ],
    [
      'as a revocation',
      async () => {
        const entry = await registryWith().register(draft('a'));
        return registryWith().revoke(asked(await sign(entry, RELEASE)));
      },
      /does not sign a change to revoked/,
    ],
    [
      'to a release that is not there',
      async () => {
        const entry = await registryWith().register(draft('a'));
        await registryWith().promote(asked(await sign(entry, RELEASE)));
        return registryWith().rollback(asked(await sign(entry, ROLLBACK)));
      },
      /no earlier version is released/,
    ],
  ];

  it.each(refusals)('is refused %s', async (_, attempt, words) => {
    const before = await installation.stores.ledger.checkpoint();
    await expect(attempt()).rejects.toThrow(words);
    const promotions = (await registryWith().list(project)).flatMap((entry) => entry.promotions);
    const { size } = await installation.stores.ledger.checkpoint();
    expect(size - before.size).toBe(1 + promotions.length);
  });

  it('of two at once lets one through', async () => {
    const registry = registryWith();
    const entry = await registry.register(draft('a'));
    const revoke = { from: 'candidate', to: 'revoked' } as const;
    const ends = await Promise.allSettled([
      registry.promote(asked(await sign(entry, RELEASE))),
      registry.revoke(asked(await sign(entry, revoke, reviewer))),
    ]);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await registry.find(project, 'support', 1))?.promotions).toHaveLength(1);
  });

  it('is no change without its ledger entry, and the next one finishes it', async () => {
    const entry = await registryWith().register(draft('a'));
    const signed = asked(await sign(entry, RELEASE));
    await expect(registryWith(down()).promote(signed)).rejects.toThrow('down');
    expect(await registryWith().find(project, 'support')).toMatchObject({ stage: 'candidate' });
    expect(await registryWith().promote(signed)).toMatchObject({ stage: 'released' });
    expect(await registryWith().find(project, 'support')).toMatchObject({ stage: 'released' });
  });
});
