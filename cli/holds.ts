import { randomBytes } from 'node:crypto';
import { LineageError } from '../domain/lineage/index.js';
import type { UnlockedIdentity } from '../infra/identity/index.js';
import {
  assertHoldable,
  holdRefusal,
  listHolds,
  recordHold,
  withGarbageLease,
  type Hold,
  type HoldRecord,
  type HoldTarget,
} from '../infra/garbage/index.js';
import type { Actor } from '../schemas/index.js';
import { findAdapter, parseAdapter } from './adapter-name.js';
import type { Workspace } from './compose.js';
import { CliError } from './errors.js';
import { garbageDeps, operator } from './garbage.js';

type HoldAct = Hold['act'];

/** What `sha256:...`, an adapter with its version or the id of a run names. @throws CliError NOT_FOUND, USAGE */
export async function parseTarget(
  { stores }: Pick<Workspace, 'stores'>,
  text: string,
  project?: string,
): Promise<HoldTarget> {
  if (text.startsWith('sha256:')) {
    if (/^sha256:[0-9a-f]{64}$/.test(text)) return { kind: 'artifact', digest: text };
    throw new CliError('USAGE', 'a digest is sha256: and 64 digits from 0 to f');
  }
  if (!text.includes('@')) return { kind: 'run', runId: text };
  const entry = await findAdapter(stores, parseAdapter(text, project));
  const { runId, name, version, adapterDigest } = entry;
  return { kind: 'adapter', project: entry.project, name, version, runId, adapterDigest };
}

/** Looked at before a passphrase is asked for. @throws CliError NOT_FOUND, LineageError GATE_SHUT */
export async function requireHoldRole(
  { stores }: Pick<Workspace, 'stores'>,
  act: HoldAct,
  subject: string,
): Promise<void> {
  const key = (await stores.people()).find(({ owner }) => owner === subject);
  if (key === undefined) {
    throw new CliError(
      'NOT_FOUND',
      `there is no identity "${subject}" here; make it: custos identity create ${subject} --role auditor`,
    );
  }
  const roles = [...(key.roles ?? [])];
  const actor: Actor = { issuer: 'local', subject, roles, authTime: '', method: 'passphrase' };
  const refusal = holdRefusal(act, actor);
  if (refusal !== undefined) {
    throw new LineageError('GATE_SHUT', `${refusal.reason}; give --as another person`);
  }
}

/** Time and four random digits. */
function newHoldId(now: Date): string {
  const time = now.toISOString().replaceAll(/[-:]/g, '').slice(0, 15);
  return `${time}-${randomBytes(2).toString('hex')}`;
}

/** Signs and stores a hold; from then on it counts. @throws GarbageError HOLD_INVALID */
export async function placeHold(
  { stores }: Pick<Workspace, 'stores'>,
  target: HoldTarget,
  person: UnlockedIdentity,
  reason: string,
): Promise<Hold> {
  const deps = garbageDeps(stores);
  const now = new Date();
  const hold: Hold = {
    holdId: newHoldId(now),
    act: 'place',
    target,
    meaning: reason,
    actor: { ...person.actor, roles: [...person.actor.roles] },
    signedAt: now.toISOString(),
  };
  // A collection that has marked already would not see it.
  await withGarbageLease(deps, operator(), async () => {
    await assertHoldable(deps, target);
    await recordHold(deps, person.signer, hold);
  });
  return hold;
}

/** The hold of that id that still holds. @throws CliError NOT_FOUND, USAGE when it was released */
export async function findHold(
  { stores }: Pick<Workspace, 'stores'>,
  holdId: string,
): Promise<Hold> {
  const found = (await readHolds({ stores })).find(({ placed }) => placed.holdId === holdId);
  if (found === undefined) {
    throw new CliError('NOT_FOUND', `there is no hold ${holdId}; "custos hold list" lists them`);
  }
  if (found.released === undefined) return found.placed;
  throw new CliError('USAGE', `hold ${holdId} was released at ${found.released.signedAt}`);
}

/** Signs and stores the release of a hold; the hold's own record stays. */
export async function releaseHold(
  { stores }: Pick<Workspace, 'stores'>,
  { holdId, target }: Hold,
  person: UnlockedIdentity,
  reason: string,
): Promise<Hold> {
  const release: Hold = {
    holdId,
    act: 'release',
    target,
    meaning: reason,
    actor: { ...person.actor, roles: [...person.actor.roles] },
    signedAt: new Date().toISOString(),
  };
  await recordHold(garbageDeps(stores), person.signer, release);
  return release;
}

export function readHolds({ stores }: Pick<Workspace, 'stores'>): Promise<readonly HoldRecord[]> {
  return listHolds(garbageDeps(stores));
}

/** The word for a target that `custos hold add` takes. */
export function targetText(target: HoldTarget): string {
  if (target.kind === 'artifact') return target.digest;
  if (target.kind === 'run') return target.runId;
  return `${target.name}@${String(target.version)} (${target.project})`;
}
