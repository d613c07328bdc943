import {
  check,
  validateDsseEnvelope,
  validateEvidenceManifest,
  type EvidenceManifest,
} from '../../schemas/index.js';
import { hexOf, sha256 } from '../lineage/digest.js';
import { LineageError } from '../lineage/errors.js';
import { BUNDLE } from './bundle-layout.js';
import { openEnvelope, STATEMENT_PAYLOAD_TYPE } from './dsse.js';
import { findingOf, type Finding } from './findings.js';
import type { EvidenceKey } from './keys.js';
import { parseStatement } from './statement-types.js';
import { parseCanonical } from './strict-encoding.js';

/** Reads a bundle, from a folder or an archive. Paths are relative, with `/`. */
export interface BundleReader {
  readFile(path: string): Promise<Uint8Array>;
  /** Every file of the bundle, including hidden ones. */
  listFiles(): Promise<readonly string[]>;
}

/** Bytes by path. The adapter's files are checked while they pass and not kept. */
export type BundleFiles = ReadonlyMap<string, Uint8Array>;

export interface Opened<T> {
  readonly findings: readonly Finding[];
  readonly value?: T;
}

/** The manifest, if a trusted worker signed exactly these bytes. */
export async function openManifest(
  reader: BundleReader,
  keys: readonly EvidenceKey[],
): Promise<Opened<EvidenceManifest>> {
  let file: string = BUNDLE.signature;
  try {
    const signed = readSignature(await reader.readFile(file), keys);
    file = BUNDLE.manifest;
    const bytes = await reader.readFile(file);
    if (hexOf(sha256(bytes)) !== signed.manifestSha256) {
      throw new LineageError('EVIDENCE_INVALID', 'is not the manifest that was signed');
    }
    const manifest = check(validateEvidenceManifest, parseCanonical(bytes, file), file);
    const { runId, adapterDigest } = signed.predicate;
    if (manifest.runId !== runId || manifest.adapter.digest !== adapterDigest) {
      throw new LineageError('EVIDENCE_INVALID', 'is of another run than its signature says');
    }
    return { findings: [], value: manifest };
  } catch (error) {
    return { findings: [findingOf(file, error)] };
  }
}

function readSignature(bytes: Uint8Array, keys: readonly EvidenceKey[]) {
  const file = BUNDLE.signature;
  const envelope = check(validateDsseEnvelope, parseCanonical(bytes, file), file);
  const expected = { payloadType: STATEMENT_PAYLOAD_TYPE, use: 'worker' } as const;
  const statement = parseStatement(openEnvelope(envelope, keys, expected).payload, file);
  const [subject, ...others] = statement.subject;
  if (
    statement.predicateType !== 'urn:custos:predicate:evidence-bundle:v1' ||
    subject?.name !== BUNDLE.manifest ||
    others.length > 0
  ) {
    throw new LineageError('EVIDENCE_INVALID', `${file} does not sign a bundle's manifest`);
  }
  return { manifestSha256: subject.digest.sha256, predicate: statement.predicate };
}

/** The bundle holds the files that the manifest lists, no fewer and no more. */
export async function checkListing(
  reader: BundleReader,
  manifest: EvidenceManifest,
): Promise<readonly Finding[]> {
  let present: ReadonlySet<string>;
  try {
    present = new Set(await reader.listFiles());
  } catch (error) {
    return [findingOf(BUNDLE.manifest, error)];
  }
  const listed = new Set([
    BUNDLE.manifest,
    BUNDLE.signature,
    ...manifest.files.map(({ path }) => path),
  ]);
  const twice = listed.size !== manifest.files.length + 2;
  return [
    ...(twice ? [{ file: BUNDLE.manifest, problem: 'lists a file twice' }] : []),
    ...[...listed]
      .filter((path) => !present.has(path))
      .map((file) => ({ file, problem: 'is missing' })),
    ...[...present]
      .filter((path) => !listed.has(path))
      .map((file) => ({ file, problem: 'is not in the manifest' })),
  ];
}

/** Reads every file once; what is checked here is what later checks see. */
export async function readFiles(
  reader: BundleReader,
  manifest: EvidenceManifest,
): Promise<Opened<BundleFiles>> {
  const findings: Finding[] = [];
  const files = new Map<string, Uint8Array>();
  for (const { path, digest, sizeBytes } of manifest.files) {
    try {
      const bytes = await reader.readFile(path);
      if (bytes.length !== sizeBytes || sha256(bytes) !== digest) {
        findings.push({ file: path, problem: 'is not the file that was signed: bytes changed' });
      }
      if (!path.startsWith(BUNDLE.adapter)) files.set(path, bytes);
    } catch (error) {
      findings.push(findingOf(path, error));
    }
  }
  return { findings, value: files };
}
