import type {
  CommittedEnvelope,
  EvidenceManifest,
  RegistryEntry,
  StepResult,
} from '../../schemas/index.js';
import { check, validateEvidenceManifest } from '../../schemas/index.js';
import { canonicalBytes, hexOf, sha256 } from '../lineage/digest.js';
import type { LedgerProof, Signer } from '../lineage/ports.js';
import { BUNDLE } from './bundle-layout.js';
import type { Envelope } from './dsse.js';
import type { EvidenceKey } from './keys.js';
import { bundleStatement, signStatement } from './statements.js';
import { parseJson } from './strict-encoding.js';

/** Everything that an evidence bundle holds. */
export interface BundleParts {
  /** The run that the bundle is about; the entry may come from an earlier run with the same adapter. */
  readonly runId: string;
  readonly submitter: EvidenceManifest['submitter'];
  readonly entry: RegistryEntry;
  /** The submitter's signed statement over request and policy. */
  readonly submission: Envelope;
  /** The bytes of the run request's and the resolved policy's artifacts. */
  readonly request: Uint8Array;
  readonly policy: Uint8Array;
  /**
   * Provenance of every stage, of this run and, where it was reused, of the run that computed it;
   * and whatever other statements the ledger holds about the run.
   */
  readonly envelopes: readonly CommittedEnvelope[];
  /** The signed reviews: outputs `approval` of the review step, bytes in canonical form. */
  readonly approvals: readonly Envelope[];
  /** The signed result (payload type RESULT_PAYLOAD_TYPE) of every stage. */
  readonly results: readonly Envelope[];
  /** The bytes of every list artifact: shards' results, or references, which a stage's result names. */
  readonly lists: readonly Uint8Array[];
  /** File name, such as `audit.json` or `model-card.md` -> the bytes of a step's output. */
  readonly reports: Readonly<Record<string, Uint8Array>>;
  /** The adapter's files by name, read one at a time. */
  readonly adapterFiles: Readonly<Record<string, () => Promise<Uint8Array>>>;
  /** Proof of the envelope with the lowest index; a chain's proof covers the later ones. */
  readonly proof: LedgerProof;
  readonly keys: readonly EvidenceKey[];
  /** Inputs that no step made, besides request and policy. */
  readonly sources?: EvidenceManifest['sources'];
  /** A worker's key. */
  readonly signer: Signer;
}

/** Creates a file of the bundle. Paths are relative, with `/`. */
export type WriteBundleFile = (path: string, bytes: Uint8Array) => Promise<void>;

/**
 * Writes an evidence bundle that `verifyBundle` can check with no store. It checks nothing itself:
 * verify what was written.
 */
export async function buildBundle(
  parts: BundleParts,
  writeFile: WriteBundleFile,
): Promise<EvidenceManifest> {
  const files: EvidenceManifest['files'] = [];
  const put = async (path: string, bytes: Uint8Array): Promise<void> => {
    await writeFile(path, bytes);
    files.push({ path, digest: sha256(bytes), sizeBytes: bytes.length });
  };
  for (const [path, bytes] of documentsOf(parts)) await put(path, bytes);
  for (const [name, read] of Object.entries(parts.adapterFiles)) {
    await put(BUNDLE.adapter + name, await read());
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const manifest = check(validateEvidenceManifest, manifestOf(parts, files), BUNDLE.manifest);
  const bytes = canonicalBytes(manifest);
  await writeFile(BUNDLE.manifest, bytes);
  const statement = bundleStatement(sha256(bytes), {
    runId: manifest.runId,
    adapterDigest: manifest.adapter.digest,
  });
  await writeFile(BUNDLE.signature, canonicalBytes(await signStatement(parts.signer, statement)));
  return manifest;
}

function documentsOf(parts: BundleParts): readonly (readonly [string, Uint8Array])[] {
  return [
    [BUNDLE.submission, canonicalBytes(parts.submission)],
    [BUNDLE.request, parts.request],
    [BUNDLE.policy, parts.policy],
    [BUNDLE.entry, canonicalBytes(parts.entry)],
    [BUNDLE.proof, canonicalBytes(parts.proof)],
    ...parts.envelopes.map(
      (committed) => [envelopePath(committed), canonicalBytes(committed)] as const,
    ),
    ...parts.approvals.map(
      (envelope, index) =>
        [`${BUNDLE.approvals}${String(index)}.json`, canonicalBytes(envelope)] as const,
    ),
    ...parts.results.map((envelope) => [resultPath(envelope), canonicalBytes(envelope)] as const),
    ...parts.lists.map(
      (bytes) => [`${BUNDLE.lists}${hexOf(sha256(bytes)).slice(0, 16)}.json`, bytes] as const,
    ),
    ...Object.entries(parts.reports).map(
      ([name, bytes]) => [BUNDLE.reports + name, bytes] as const,
    ),
  ];
}

/** By ledger index, so that a listing is in the order of the log. */
function envelopePath({ receipt }: CommittedEnvelope): string {
  return `${BUNDLE.envelopes}${String(receipt.index).padStart(9, '0')}.json`;
}

function resultPath(envelope: Envelope): string {
  const payload = Buffer.from(envelope.payload, 'base64');
  const { step, memoKey } = parseJson(payload, 'a step result') as StepResult;
  return `${BUNDLE.results}${step}-${hexOf(memoKey).slice(0, 16)}.json`;
}

function manifestOf(parts: BundleParts, files: EvidenceManifest['files']): EvidenceManifest {
  const { entry, proof } = parts;
  const policyDigest = sha256(parts.policy);
  const runRequestDigest = sha256(parts.request);
  return {
    schema: 'custos.evidence-manifest.v1',
    runId: parts.runId,
    project: entry.project,
    submitter: parts.submitter,
    adapter: { name: entry.name, digest: entry.adapterDigest },
    policyDigest,
    runRequestDigest,
    baseModelRevision: entry.baseModelRevision,
    stage: entry.stage,
    sources: [
      { name: 'policy', digest: policyDigest },
      { name: 'request', digest: runRequestDigest },
      ...(parts.sources ?? []),
    ],
    checkpoint: { ...proof.checkpoint },
    keys: parts.keys.map(({ roles, ...key }) => ({
      ...key,
      ...(roles === undefined ? {} : { roles: [...roles] }),
    })),
    files,
  };
}
