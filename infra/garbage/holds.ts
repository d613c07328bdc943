import {
  holdStatement,
  openStatement,
  parseStatement,
  signStatement,
  type EvidenceKey,
  type Envelope,
} from '../../domain/evidence/index.js';
import {
  canonicalBytes,
  commitmentOf,
  LineageError,
  logCommitted,
  readCommitted,
  type Digest,
  type DocumentStore,
  type Ledger,
  type Signer,
} from '../../domain/lineage/index.js';
import { checkRole, type AccessRefusal } from '../../policies/index.js';
import type { Actor, HoldStatement } from '../../schemas/index.js';
import { GarbageError } from './errors.js';

export type Hold = HoldStatement['predicate'];
export type HoldTarget = Hold['target'];

/** What a hold protects. */
export interface HeldTarget {
  readonly holdId: string;
  readonly digests: readonly Digest[];
  readonly runIds: readonly string[];
}

/** A hold as its documents have it. */
export interface HoldRecord {
  readonly placed: Hold;
  /** False when the signature does not verify under the people known here: it holds all the same. */
  readonly verified: boolean;
  /** Only where its signature verifies and the ledger has it. */
  readonly released?: Hold;
}

export interface HoldDeps {
  /** Evidence, write-once. */
  readonly documents: DocumentStore;
  readonly ledger: Ledger;
  readonly trustedKeys: () => Promise<readonly EvidenceKey[]>;
  readonly randomBytes: (size: number) => Uint8Array;
}

const ACTIONS = { place: 'hold', release: 'release-hold' } as const;

/** Why somebody may not place or release a hold; undefined when they may. */
export function holdRefusal(act: Hold['act'], actor: Actor): AccessRefusal | undefined {
  return checkRole(actor, ACTIONS[act]);
}

const FOLDER = 'holds/';
const documentOf = ({ holdId, act }: Pick<Hold, 'holdId' | 'act'>): string =>
  `${FOLDER}${holdId}.${act}.json`;
const receiptOf = (key: string): string => key.replace(/\.json$/, '.receipt.json');

function holdIn(envelope: Envelope, key: string): Hold {
  const payload = Buffer.from(envelope.payload, 'base64');
  const statement = parseStatement(payload, key);
  if (statement.predicateType === 'urn:custos:predicate:hold:v1') return statement.predicate;
  throw new GarbageError('HOLD_INVALID', `${key} is not a hold; check the evidence bucket`);
}

function verifies(envelope: Envelope, keys: readonly EvidenceKey[], key: string): boolean {
  try {
    openStatement(envelope, keys, key);
    return true;
  } catch {
    return false;
  }
}

/** A release takes protection away, so it counts only when everything about it holds. */
async function readRelease(
  { documents }: HoldDeps,
  keys: readonly EvidenceKey[],
  holdId: string,
): Promise<Hold | undefined> {
  const key = documentOf({ holdId, act: 'release' });
  if ((await documents.read(key)) === undefined) return undefined;
  const { envelope } = await readCommitted(documents, key);
  const logged = (await documents.read(receiptOf(key))) !== undefined;
  if (!logged || !verifies(envelope, keys, key)) return undefined;
  const release = holdIn(envelope, key);
  const about = release.holdId === holdId && release.act === 'release';
  return about && holdRefusal('release', release.actor) === undefined ? release : undefined;
}

/**
 * Every hold that was ever placed, the oldest first.
 * @throws GarbageError HOLD_INVALID, LineageError EVIDENCE_INVALID when one cannot be read
 */
export async function listHolds(deps: HoldDeps): Promise<readonly HoldRecord[]> {
  const keys = await deps.trustedKeys();
  const records: HoldRecord[] = [];
  for await (const key of deps.documents.list(FOLDER)) {
    if (!key.endsWith('.place.json')) continue;
    const { envelope } = await readCommitted(deps.documents, key);
    const placed = holdIn(envelope, key);
    const released = await readRelease(deps, keys, placed.holdId);
    const verified = verifies(envelope, keys, key);
    records.push({ placed, verified, ...(released === undefined ? {} : { released }) });
  }
  return records;
}

/** What the holds that were not released protect. */
export async function heldTargets(deps: HoldDeps): Promise<readonly HeldTarget[]> {
  const records = await listHolds(deps);
  return records
    .filter(({ released }) => released === undefined)
    .map(({ placed: { holdId, target } }) => ({
      holdId,
      digests:
        target.kind === 'artifact'
          ? [target.digest]
          : target.kind === 'adapter'
            ? [target.adapterDigest]
            : [],
      runIds: target.kind === 'artifact' ? [] : [target.runId],
    }));
}

/** @throws LineageError SIGNATURE_INVALID, GATE_SHUT */
async function requireSigned(deps: HoldDeps, envelope: Envelope, key: string): Promise<void> {
  openStatement(envelope, await deps.trustedKeys(), key);
  const { act, actor } = holdIn(envelope, key);
  const refusal = holdRefusal(act, actor);
  if (refusal !== undefined) throw new LineageError('GATE_SHUT', refusal.reason);
}

/**
 * Signs a hold or its release, stores it and appends it to the ledger: from then on it counts.
 * @throws LineageError SIGNATURE_INVALID, GATE_SHUT when the signer may not
 */
export async function recordHold(deps: HoldDeps, signer: Signer, hold: Hold): Promise<void> {
  const envelope = await signStatement(signer, holdStatement(hold));
  const key = documentOf(hold);
  await requireSigned(deps, envelope, key);
  const mine = commitmentOf(envelope, deps.randomBytes);
  // A release that was cut off before the ledger had it is finished by the next one.
  const created = await deps.documents.create(key, canonicalBytes(mine));
  const committed = created ? mine : await readCommitted(deps.documents, key);
  if (!created) await requireSigned(deps, committed.envelope, key);
  await logCommitted(deps, committed, key, receiptOf(key));
}
