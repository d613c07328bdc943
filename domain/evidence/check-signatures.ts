import { canonicalJson } from '../lineage/digest.js';
import { LineageError } from '../lineage/errors.js';
import type { TrustedKey } from '../lineage/ports.js';
import type { Actor } from '../../schemas/index.js';
import type { Bundle, BundledEnvelope, BundledStatement } from './bundle-documents.js';
import { BUNDLE } from './bundle-layout.js';
import { openEnvelope, RESULT_PAYLOAD_TYPE, STATEMENT_PAYLOAD_TYPE } from './dsse.js';
import { attempt, unless, type Finding } from './findings.js';
import type { EvidenceKey } from './keys.js';
import { saltedLeaf, verifyCheckpoint, verifyLedgerProof } from './ledger-chain.js';
import type { VerifiedSegment } from './ledger-chain.js';
import { parseStatement, type AnyStatement } from './statement-types.js';
import { decodeBase64 } from './strict-encoding.js';

type Role = Actor['roles'][number];

interface Authority {
  readonly use: TrustedKey['use'];
  /** Of a person's key: the roles of which it needs one. */
  readonly roles?: readonly Role[];
}

/** Whose key may sign which statement. */
const AUTHORITY: Readonly<Record<AnyStatement['predicateType'], Authority>> = {
  'https://slsa.dev/provenance/v1': { use: 'worker' },
  'urn:custos:predicate:leak-audit:v1': { use: 'worker' },
  'urn:custos:predicate:evidence-bundle:v1': { use: 'worker' },
  'urn:custos:predicate:registration:v1': { use: 'worker' },
  'urn:custos:predicate:firing:v1': { use: 'worker' },
  'urn:custos:predicate:sweep:v1': { use: 'worker' },
  'urn:custos:predicate:review:v1': { use: 'person', roles: ['reviewer'] },
  'urn:custos:predicate:submission:v1': { use: 'person', roles: ['submitter'] },
  'urn:custos:predicate:hold:v1': { use: 'person', roles: ['auditor', 'reviewer', 'releaser'] },
  'urn:custos:predicate:promotion:v1': { use: 'person', roles: ['releaser', 'reviewer'] },
};

/** Who a person's statement says has signed it. */
export function actorOf({ statement }: Pick<BundledStatement, 'statement'>): Actor | undefined {
  return 'actor' in statement.predicate ? statement.predicate.actor : undefined;
}

/**
 * A signed statement whose signatures hold under keys that may sign its kind; a person's, also
 * that it is the person whom the statement names.
 * @throws LineageError SIGNATURE_INVALID, EVIDENCE_INVALID, SchemaError
 */
export function openStatement(
  envelope: BundledStatement['envelope'],
  keys: readonly EvidenceKey[],
  where: string,
): AnyStatement {
  const statement = parseStatement(decodeBase64(envelope.payload, where), where);
  signersOf({ envelope, statement }, keys);
  return statement;
}

/** The keys that signed a statement, each trusted for it and belonging to the actor it names. */
function signersOf(
  bundled: Pick<BundledStatement, 'envelope' | 'statement'>,
  keys: readonly EvidenceKey[],
): readonly EvidenceKey[] {
  const { use, roles } = AUTHORITY[bundled.statement.predicateType];
  const expected = { payloadType: STATEMENT_PAYLOAD_TYPE, use };
  const opened = openEnvelope(bundled.envelope, keys, expected);
  if (roles !== undefined) {
    for (const key of opened.keys) assertPerson(key, roles, actorOf(bundled));
  }
  return opened.keys;
}

function assertPerson(key: EvidenceKey, roles: readonly Role[], actor: Actor | undefined): void {
  const held = key.roles ?? [];
  const fault =
    actor === undefined || key.owner !== actor.subject
      ? `belongs to ${key.owner}, who is not the person that the statement names`
      : !held.some((role) => roles.includes(role))
        ? `is not trusted as a key of a ${roles.join(' or ')}`
        : !actor.roles.every((role) => held.includes(role))
          ? 'signs for roles that it does not have'
          : key.demo !== (actor.method === 'demo')
            ? 'is a demo key where the statement is not, or the reverse'
            : undefined;
  if (fault !== undefined) throw new LineageError('SIGNATURE_INVALID', `key ${key.keyId} ${fault}`);
}

/** Every signature verifies under a key that the verifier trusts for that use. */
export function checkSignatures(bundle: Bundle, keys: readonly EvidenceKey[]): readonly Finding[] {
  const statements = [
    bundle.submission,
    ...bundle.envelopes,
    ...bundle.approvals,
    ...bundle.promotions,
  ];
  const expected = { payloadType: RESULT_PAYLOAD_TYPE, use: 'worker' } as const;
  return [
    ...statements.flatMap((one) => attempt(one.file, () => void signersOf(one, keys))),
    ...bundle.stages.flatMap(({ file, envelope }) =>
      attempt(file, () => void openEnvelope(envelope, keys, expected)),
    ),
  ];
}

/** Every envelope's salted leaf stands in the ledger that the one signed checkpoint closes. */
export function checkLedger(bundle: Bundle, keys: readonly EvidenceKey[]): readonly Finding[] {
  const { manifest, proof, envelopes } = bundle;
  let segment: VerifiedSegment | undefined;
  const broken = attempt(BUNDLE.proof, () => {
    segment = verifyLedgerProof(proof, keys);
    const same = canonicalJson(manifest.checkpoint) === canonicalJson(proof.checkpoint);
    return unless(same, BUNDLE.proof, 'ends at another checkpoint than the manifest names');
  });
  const log = segment;
  if (log === undefined) return broken;
  const twice = new Set(envelopes.map(({ receipt }) => receipt.index)).size < envelopes.length;
  return [
    ...broken,
    ...unless(!twice, BUNDLE.manifest, 'two envelopes claim one place in the ledger'),
    ...envelopes.flatMap((one) => attempt(one.file, () => checkLeaf(one, log, keys))),
  ];
}

function checkLeaf(
  { file, salt, digest, receipt }: BundledEnvelope,
  log: VerifiedSegment,
  keys: readonly EvidenceKey[],
): readonly Finding[] {
  const { index, checkpoint } = receipt;
  verifyCheckpoint(checkpoint, keys);
  const sameLog = receipt.logId === log.logId && checkpoint.logId === log.logId;
  const grown = checkpoint.size > index && log.rootAt(checkpoint.size) === checkpoint.root;
  const leaf = saltedLeaf(decodeBase64(salt, 'the salt'), digest);
  return [
    ...unless(leaf === log.leafAt(index), file, `is not what the ledger holds at index ${index}`),
    ...unless(sameLog && grown, file, 'has a receipt of another history of the ledger'),
  ];
}
