import {
  openStatement,
  registrationStatement,
  signStatement,
  type EvidenceKey,
} from '../../domain/evidence/index.js';
import {
  canonicalBytes,
  commitmentOf,
  digestJson,
  LineageError,
  logCommitted,
  type DocumentStore,
  type Ledger,
  type Signer,
} from '../../domain/lineage/index.js';
import {
  check,
  validateRegistryEntry,
  type DsseEnvelope,
  type RegistryEntry,
} from '../../schemas/index.js';
import {
  afterPromotion,
  promotionOf,
  readEntry,
  receiptOf,
  registrationOf,
  type EntryName,
  type Logged,
  type ReadEntry,
} from './entries.js';
import { assertAllowed, type Change, type Judged } from './promotion-rules.js';

export interface RegistryDeps {
  /** Write-once: a version's stage is what its signed promotions lead to. */
  readonly documents: DocumentStore;
  readonly ledger: Ledger;
  readonly signer: Signer;
  readonly trustedKeys: () => Promise<readonly EvidenceKey[]>;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly now: () => Date;
}

/** A person's signed promotion statement and what it is judged by. */
export interface PromotionRequest extends Judged {
  readonly project: string;
  readonly envelope: DsseEnvelope;
}

/** Adapters by project, name and version. Versions are never reused; every read verifies. */
export interface Registry {
  /** The version that holds this adapter under this policy already, or the next free one. */
  register(draft: Omit<RegistryEntry, 'version'>): Promise<RegistryEntry>;
  /** Without a version the newest that is not revoked. */
  find(project: string, name: string, version?: number): Promise<RegistryEntry | undefined>;
  list(project?: string): Promise<readonly RegistryEntry[]>;
  /** Candidate to released, by somebody else than the submitter. @throws LineageError GATE_SHUT */
  promote(request: PromotionRequest): Promise<RegistryEntry>;
  /** Candidate or released to revoked, for good. @throws LineageError GATE_SHUT */
  revoke(request: PromotionRequest): Promise<RegistryEntry>;
  /** Released back to candidate, where an earlier release is left. @throws LineageError GATE_SHUT */
  rollback(request: PromotionRequest): Promise<RegistryEntry>;
}

type Opened = Omit<RegistryDeps, 'trustedKeys'> & { readonly keys: readonly EvidenceKey[] };

/** Makes a document count: its leaf goes to the ledger. Whoever finds it pending may do so. */
async function finish(deps: Opened, { key, ...committed }: Logged): Promise<void> {
  await logCommitted(deps, committed, `registry\0${key}`, receiptOf(key));
}

/** Writes a signed document under a key that is free, and logs it; false when it was taken. */
async function commit(deps: Opened, key: string, envelope: DsseEnvelope): Promise<boolean> {
  const committed = commitmentOf(envelope, deps.randomBytes);
  if (!(await deps.documents.create(key, canonicalBytes(committed)))) return false;
  await finish(deps, { ...committed, key, logged: false });
  return true;
}

/** Every version below a prefix, also those whose registration is pending. */
async function readBelow(deps: Opened, prefix: string): Promise<ReadEntry[]> {
  const found: ReadEntry[] = [];
  for await (const key of deps.documents.list(prefix)) {
    const [, project = '', name = '', version] =
      /^([^/]+)\/([^/]+)\/(\d{6})\/registration\.json$/.exec(key) ?? [];
    if (version === undefined) continue;
    const read = await readEntry(deps.documents, deps.keys, {
      project,
      name,
      version: Number(version),
    });
    if (read !== undefined) found.push(read);
  }
  const inOrder = (a: RegistryEntry, b: RegistryEntry) =>
    a.project.localeCompare(b.project) || a.name.localeCompare(b.name) || a.version - b.version;
  return found.sort((a, b) => inOrder(a.entry, b.entry));
}

const isRegistered = ({ entry, pending }: ReadEntry): boolean =>
  pending === undefined || pending.key !== registrationOf(entry);

const registeredBelow = async (deps: Opened, prefix: string): Promise<RegistryEntry[]> =>
  (await readBelow(deps, prefix)).filter(isRegistered).map(({ entry }) => entry);

async function register(
  deps: Opened,
  draft: Omit<RegistryEntry, 'version'>,
): Promise<RegistryEntry> {
  for (;;) {
    const known = await readBelow(deps, `${draft.project}/${draft.name}/`);
    const same = known.find(
      ({ entry, firstStage }) =>
        entry.adapterDigest === draft.adapterDigest &&
        entry.policyDigest === draft.policyDigest &&
        firstStage === draft.stage,
    );
    if (same !== undefined) {
      if (same.pending !== undefined) await finish(deps, same.pending);
      return same.entry;
    }
    const version = (known.at(-1)?.entry.version ?? 0) + 1;
    const entry = check(validateRegistryEntry, { ...draft, version }, 'registry entry');
    const envelope = await signStatement(deps.signer, registrationStatement(entry));
    // Losing a race to another run means that the number is taken: look again.
    if (await commit(deps, registrationOf(entry), envelope)) return entry;
  }
}

/** The change that a person signed. @throws LineageError SIGNATURE_INVALID, EVIDENCE_INVALID */
function changeIn(deps: Opened, envelope: DsseEnvelope, to: Change['to']): Change {
  const statement = openStatement(envelope, deps.keys, 'the promotion');
  const isChange = statement.predicateType === 'urn:custos:predicate:promotion:v1';
  if (isChange && statement.predicate.to === to) return statement.predicate;
  throw new LineageError('EVIDENCE_INVALID', `the statement does not sign a change to ${to}`);
}

async function finished(deps: Opened, name: EntryName): Promise<RegistryEntry> {
  const read = await readEntry(deps.documents, deps.keys, name);
  if (read === undefined) {
    throw new LineageError(
      'ARTIFACT_MISSING',
      `the registry of ${name.project} has no ${name.name} version ${String(name.version)}`,
    );
  }
  if (read.pending === undefined) return read.entry;
  await finish(deps, read.pending);
  return finished(deps, name);
}

async function change(
  deps: Opened,
  to: Change['to'],
  { project, envelope, ...judged }: PromotionRequest,
): Promise<RegistryEntry> {
  const wanted = changeIn(deps, envelope, to);
  const name: EntryName = { project, name: wanted.name, version: wanted.version };
  const entry = await finished(deps, name);
  // A retry of what was cut off. An older statement may not be played again: it is from another stage.
  const digest = digestJson(envelope);
  const last = entry.promotions.at(-1);
  if (last !== undefined && digestJson(last) === digest) return entry;
  if (entry.promotions.some((one) => digestJson(one) === digest)) {
    throw new LineageError('GATE_SHUT', 'this statement has been acted on before; sign a new one');
  }
  const next = afterPromotion(entry, envelope, deps.keys, 'the promotion');
  const others = await registeredBelow(deps, `${project}/${wanted.name}/`);
  assertAllowed(entry, wanted, judged, others, deps.now().getTime());
  if (await commit(deps, promotionOf(name, next.promotions.length), envelope)) return next;
  throw new LineageError(
    'GATE_SHUT',
    `somebody changed ${wanted.name} version ${String(wanted.version)} meanwhile; look at it and sign again`,
  );
}

export function openRegistry({ trustedKeys, ...deps }: RegistryDeps): Registry {
  const opened = async (): Promise<Opened> => ({ ...deps, keys: await trustedKeys() });
  const find: Registry['find'] = async (project, name, version) => {
    const known = await registeredBelow(await opened(), `${project}/${name}/`);
    return version === undefined
      ? known.findLast(({ stage }) => stage !== 'revoked')
      : known.find((entry) => entry.version === version);
  };
  return {
    find,
    list: async (project) =>
      registeredBelow(await opened(), project === undefined ? '' : `${project}/`),
    register: async (draft) => register(await opened(), draft),
    promote: async (request) => change(await opened(), 'released', request),
    revoke: async (request) => change(await opened(), 'revoked', request),
    rollback: async (request) => change(await opened(), 'candidate', request),
  };
}
