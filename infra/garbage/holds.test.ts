import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { holdStatement, signStatement } from '../../domain/evidence/index.js';
import { canonicalBytes, commitmentOf, sha256 } from '../../domain/lineage/index.js';
import { openTestInstallation, type TestInstallation } from '../../test/support/runtime.js';
import { createIdentity, unlockIdentity, type UnlockedIdentity } from '../identity/index.js';
import { assertHoldable } from './holdable.js';
import { heldTargets, listHolds, recordHold, type Hold } from './holds.js';
import type { GarbageDeps } from './plan.js';

const PASSPHRASE = 'a long enough passphrase';
const DIGEST = sha256('something');
const ID = '20261124T030000-1a2b';

let installation: TestInstallation;
let deps: GarbageDeps;

beforeEach(async () => {
  installation = await openTestInstallation();
  const { driver, artifacts, keys, documents, ledger, trustedKeys } = installation.stores;
  deps = { driver, artifacts, keys, documents, ledger, trustedKeys, randomBytes };
});
afterEach(() => installation.close());

type Role = UnlockedIdentity['actor']['roles'][number];

async function person(subject: string, role: Exclude<Role, 'worker'>): Promise<UnlockedIdentity> {
  const { identityDir } = installation.stores;
  await createIdentity(identityDir, { subject, roles: [role], passphrase: PASSPHRASE });
  return unlockIdentity(identityDir, subject, PASSPHRASE);
}

const hold = (act: Hold['act'], { actor }: UnlockedIdentity, target?: Hold['target']): Hold => ({
  holdId: ID,
  act,
  target: target ?? { kind: 'artifact', digest: DIGEST },
  meaning: 'matter 2026-117',
  actor: { ...actor, roles: [...actor.roles] },
  signedAt: new Date().toISOString(),
});

const held = async (): Promise<boolean> => (await heldTargets(deps)).length === 1;

it('holds from its record on, until its release is recorded; both records stay', async () => {
  const ada = await person('ada', 'auditor');
  expect(await held()).toBe(false);
  await recordHold(deps, ada.signer, hold('place', ada));
  expect(await heldTargets(deps)).toEqual([{ holdId: ID, digests: [DIGEST], runIds: [] }]);
  await recordHold(deps, ada.signer, hold('release', ada));
  expect(await held()).toBe(false);
  expect(await listHolds(deps)).toMatchObject([
    { verified: true, placed: { act: 'place' }, released: { act: 'release' } },
  ]);
});

it('is not recorded when somebody signs who may not', async () => {
  const sam = await person('sam', 'submitter');
  await expect(recordHold(deps, sam.signer, hold('place', sam))).rejects.toMatchObject({
    code: 'SIGNATURE_INVALID',
  });
  expect(await listHolds(deps)).toEqual([]);
});

it('is placed by a reviewer, who cannot release it', async () => {
  const rea = await person('rea', 'reviewer');
  await recordHold(deps, rea.signer, hold('place', rea));
  await expect(recordHold(deps, rea.signer, hold('release', rea))).rejects.toMatchObject({
    code: 'GATE_SHUT',
  });
  expect(await held()).toBe(true);
});

it('holds on when the person who placed it is no longer known', async () => {
  const ada = await person('ada', 'auditor');
  await recordHold(deps, ada.signer, hold('place', ada));
  await rm(installation.stores.identityDir, { recursive: true });
  expect(await listHolds(deps)).toMatchObject([{ verified: false }]);
  expect(await held()).toBe(true);
});

it.each([
  ['that the ledger has not', 'ada', false],
  ['that another person has signed', 'eve', true],
])('is not ended by a release %s', async (_, signer, logged) => {
  const ada = await person('ada', 'auditor');
  const eve = await person('eve', 'submitter');
  await recordHold(deps, ada.signer, hold('place', ada));
  const statement = holdStatement(hold('release', ada));
  const envelope = await signStatement(signer === 'ada' ? ada.signer : eve.signer, statement);
  const key = `holds/${ID}.release.json`;
  await deps.documents.create(key, canonicalBytes(commitmentOf(envelope, randomBytes)));
  if (logged) {
    await deps.documents.create(key.replace('.json', '.receipt.json'), canonicalBytes({}));
  }
  expect(await held()).toBe(true);
});

it('ends a collection when its record cannot be read', async () => {
  await deps.documents.create(`holds/${ID}.place.json`, Buffer.from('{'));
  await expect(heldTargets(deps)).rejects.toMatchObject({ code: 'EVIDENCE_INVALID' });
});

it.each<Hold['target']>([
  { kind: 'artifact', digest: DIGEST },
  { kind: 'run', runId: 'no-such-run' },
])('is refused on what is not there: $kind', async (target) => {
  await expect(assertHoldable(deps, target)).rejects.toMatchObject({ code: 'HOLD_INVALID' });
});
