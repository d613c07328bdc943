import { openStatement, type EvidenceKey } from '../../domain/evidence/index.js';
import {
  LineageError,
  readCommitted,
  type CommittedRun,
  type DocumentStore,
} from '../../domain/lineage/index.js';
import type { DsseEnvelope, RegistryEntry } from '../../schemas/index.js';

export interface EntryName {
  readonly project: string;
  readonly name: string;
  readonly version: number;
}

const padded = (number: number): string => String(number).padStart(6, '0');

/** Where the documents of a version are. Everything is write-once. */
const folderOf = ({ project, name, version }: EntryName): string =>
  `${project}/${name}/${padded(version)}/`;
export const registrationOf = (name: EntryName): string => `${folderOf(name)}registration.json`;
export const promotionOf = (name: EntryName, number: number): string =>
  `${folderOf(name)}promotion-${padded(number)}.json`;
export const receiptOf = (key: string): string => key.replace(/\.json$/, '.receipt.json');

/** A document of the registry, and whether the ledger has it: only then does it count. */
export interface Logged extends CommittedRun {
  readonly key: string;
  readonly logged: boolean;
}

/** A version as its documents have it, every signature verified. */
export interface ReadEntry {
  /** With the stage that the promotions in the ledger lead to. */
  readonly entry: RegistryEntry;
  /** The stage before any promotion. */
  readonly firstStage: RegistryEntry['stage'];
  /** Written and not in the ledger yet: a commit was cut off, and whoever comes next finishes it. */
  readonly pending: Logged | undefined;
}

type Read = Pick<DocumentStore, 'read'>;

async function readLogged(documents: Read, key: string): Promise<Logged | undefined> {
  if ((await documents.read(key)) === undefined) return undefined;
  const committed = await readCommitted(documents, key);
  return { ...committed, key, logged: (await documents.read(receiptOf(key))) !== undefined };
}

function registeredEntry(
  { envelope, key }: Logged,
  keys: readonly EvidenceKey[],
  { project, name, version }: EntryName,
): RegistryEntry {
  const statement = openStatement(envelope, keys, key);
  if (statement.predicateType === 'urn:custos:predicate:registration:v1') {
    const entry = statement.predicate;
    const same = entry.project === project && entry.name === name && entry.version === version;
    if (same && entry.promotions.length === 0) return entry;
  }
  throw new LineageError('EVIDENCE_INVALID', `${key} is not the registration of this version`);
}

/** The entry after a promotion. @throws LineageError EVIDENCE_INVALID when it is not about it */
export function afterPromotion(
  entry: RegistryEntry,
  envelope: DsseEnvelope,
  keys: readonly EvidenceKey[],
  where: string,
): RegistryEntry {
  const statement = openStatement(envelope, keys, where);
  if (statement.predicateType === 'urn:custos:predicate:promotion:v1') {
    const { name, version, adapterDigest, from, to } = statement.predicate;
    const about =
      name === entry.name && version === entry.version && adapterDigest === entry.adapterDigest;
    if (about && entry.stage.replace(' (demo)', '') === from) {
      return { ...entry, stage: to, promotions: [...entry.promotions, envelope] };
    }
  }
  throw new LineageError(
    'EVIDENCE_INVALID',
    `${where} is not a change of ${entry.name} version ${String(entry.version)} from ${entry.stage}`,
  );
}

/**
 * Reads a version and verifies each of its signatures; undefined when nobody registered it.
 * @throws LineageError SIGNATURE_INVALID, EVIDENCE_INVALID naming the document
 */
export async function readEntry(
  documents: Read,
  keys: readonly EvidenceKey[],
  name: EntryName,
): Promise<ReadEntry | undefined> {
  const registration = await readLogged(documents, registrationOf(name));
  if (registration === undefined) return undefined;
  let entry = registeredEntry(registration, keys, name);
  const firstStage = entry.stage;
  if (!registration.logged) return { entry, firstStage, pending: registration };
  for (;;) {
    const key = promotionOf(name, entry.promotions.length + 1);
    const promotion = await readLogged(documents, key);
    if (promotion === undefined) return { entry, firstStage, pending: undefined };
    const next = afterPromotion(entry, promotion.envelope, keys, key);
    if (!promotion.logged) return { entry, firstStage, pending: promotion };
    entry = next;
  }
}
