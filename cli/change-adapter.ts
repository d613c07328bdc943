import { PROMOTION_ACTS, promotionStatement, signStatement } from '../domain/evidence/index.js';
import { LineageError } from '../domain/lineage/index.js';
import type { UnlockedIdentity } from '../infra/identity/index.js';
import { checkRole } from '../policies/index.js';
import type { Actor, PromotionStatement, RegistryEntry } from '../schemas/index.js';
import { adapterText, inProject, type NamedAdapter } from './adapter-name.js';
import type { Workspace } from './compose.js';
import { CliError } from './errors.js';
import { readRunSteps } from './run-evidence.js';
import { refOf, stageOf } from './stage-results.js';

export type ChangeName = 'promote' | 'revoke' | 'rollback';

type Target = PromotionStatement['predicate']['to'];

interface ChangeRule {
  readonly to: Target;
  /** The stages that it starts from; the newest such version is meant where none is named. */
  readonly from: readonly RegistryEntry['stage'][];
}

/** What each command does to an adapter's stage. */
const CHANGES: Readonly<Record<ChangeName, ChangeRule>> = {
  promote: { to: 'released', from: ['candidate', 'candidate (demo)'] },
  revoke: { to: 'revoked', from: ['candidate', 'candidate (demo)', 'released'] },
  rollback: { to: 'candidate', from: ['released'] },
};

/**
 * The version that a change is about.
 * @throws CliError NOT_FOUND when there is none, USAGE when it is in another stage or several are meant
 */
export async function findToChange(
  { stores }: Pick<Workspace, 'stores'>,
  change: ChangeName,
  named: NamedAdapter,
): Promise<RegistryEntry> {
  const wanted = await inProject(stores, named);
  const { from } = CHANGES[change];
  const entries = (await stores.registry.list(wanted.project)).filter(
    ({ name, version }) =>
      name === wanted.name && (wanted.version === undefined || version === wanted.version),
  );
  const found = entries.findLast(({ stage }) => from.includes(stage));
  if (found !== undefined) return found;
  const last = entries.at(-1);
  throw new CliError(
    'USAGE',
    `${adapterText(last ?? wanted)} is ${last?.stage ?? 'gone'}; ${change} takes one that is ${from.join(' or ')}`,
  );
}

/** Looked at before a passphrase is asked for. @throws CliError NOT_FOUND, LineageError GATE_SHUT */
export async function requireRole(
  { stores }: Pick<Workspace, 'stores'>,
  change: ChangeName,
  subject: string,
): Promise<void> {
  const people = await stores.people();
  const key = people.find(({ owner }) => owner === subject);
  const action = PROMOTION_ACTS[CHANGES[change].to];
  if (key === undefined) {
    throw new CliError(
      'NOT_FOUND',
      `there is no identity "${subject}" here; make it: custos identity create ${subject} --role releaser`,
    );
  }
  const actor: Actor = {
    issuer: 'local',
    subject,
    roles: [...(key.roles ?? [])],
    authTime: '',
    method: 'passphrase',
  };
  const refusal = checkRole(actor, action);
  if (refusal === undefined) return;
  throw new LineageError(
    'GATE_SHUT',
    `${refusal.reason}; give --as another person, or make one: custos identity create NAME --role releaser`,
  );
}

/**
 * Signs a change of stage with its reason and hands it to the registry, which judges it by the very
 * policy and decision that the adapter was registered with.
 * @throws LineageError GATE_SHUT with every reason why it is refused
 */
export async function changeAdapter(
  { stores }: Pick<Workspace, 'stores'>,
  change: ChangeName,
  entry: RegistryEntry,
  person: UnlockedIdentity,
  reason: string,
): Promise<RegistryEntry> {
  const release = stageOf(await readRunSteps(stores, entry.runId), 'release');
  const read = (name: string) => stores.artifacts.get(refOf(release, name), entry.project);
  const envelope = await signStatement(
    person.signer,
    promotionStatement({
      name: entry.name,
      version: entry.version,
      adapterDigest: entry.adapterDigest,
      from: entry.stage === 'released' ? 'released' : 'candidate',
      to: CHANGES[change].to,
      meaning: reason,
      actor: { ...person.actor, roles: [...person.actor.roles] },
      signedAt: new Date().toISOString(),
    }),
  );
  return stores.registry[change]({
    project: entry.project,
    envelope,
    policy: await read('policy'),
    decision: await read('decision'),
  });
}
