import type { ValidateFunction } from 'ajv';
import {
  check,
  validateCommittedEnvelope,
  validateDsseEnvelope,
  validateLedgerProofDocument,
  validatePolicy,
  validateRegistryEntry,
  validateRunRequest,
  validateStepResult,
  type CommittedEnvelope,
  type EvidenceManifest,
  type Policy,
  type RegistryEntry,
  type RunRequest,
  type StepResult,
} from '../../schemas/index.js';
import { digestJson, sha256, type Digest } from '../lineage/digest.js';
import { LineageError } from '../lineage/errors.js';
import { parseList, type ListItem } from '../lineage/lists.js';
import type { LedgerProof } from '../lineage/ports.js';
import type { BundleFiles, Opened } from './bundle-files.js';
import { BUNDLE } from './bundle-layout.js';
import type { Envelope } from './dsse.js';
import { attempt, type Finding } from './findings.js';
import { parseStatement, type AnyStatement } from './statement-types.js';
import { decodeBase64, parseCanonical, parseJson } from './strict-encoding.js';

export interface BundledStatement<S extends AnyStatement = AnyStatement> {
  readonly file: string;
  readonly envelope: Envelope;
  readonly digest: Digest;
  readonly statement: S;
}

export type BundledEnvelope<S extends AnyStatement = AnyStatement> = BundledStatement<S> &
  Omit<CommittedEnvelope, 'envelope'>;

export interface BundledResult {
  readonly file: string;
  readonly envelope: Envelope;
  readonly digest: Digest;
  readonly result: StepResult;
}

/** A list artifact: what a stage made of its shards, or handed to the shards of the next. */
export interface BundledList {
  readonly file: string;
  readonly digest: Digest;
  readonly items: readonly ListItem[];
}

export interface BundledReport {
  readonly file: string;
  readonly digest: Digest;
  readonly bytes: Uint8Array;
}

/** The documents of a bundle: of the right shape, nothing else said yet. */
export interface Bundle {
  readonly manifest: EvidenceManifest;
  readonly submission: BundledStatement;
  readonly request: RunRequest;
  readonly policy: Policy;
  readonly entry: RegistryEntry;
  readonly promotions: readonly BundledStatement[];
  readonly proof: LedgerProof;
  readonly envelopes: readonly BundledEnvelope[];
  readonly approvals: readonly BundledStatement[];
  /** The signed results of stages. */
  readonly stages: readonly BundledResult[];
  readonly lists: readonly BundledList[];
  /** The results of stages, and of the shards in lists that stages made. */
  readonly results: readonly Omit<BundledResult, 'envelope'>[];
  readonly reports: readonly BundledReport[];
}

const FOLDERS = [
  BUNDLE.envelopes,
  BUNDLE.approvals,
  BUNDLE.results,
  BUNDLE.lists,
  BUNDLE.reports,
  BUNDLE.adapter,
];
const SINGLE: readonly string[] = [
  BUNDLE.submission,
  BUNDLE.request,
  BUNDLE.policy,
  BUNDLE.entry,
  BUNDLE.proof,
];

/** Parses every document of the bundle against its schema. */
export function readDocuments(manifest: EvidenceManifest, files: BundleFiles): Opened<Bundle> {
  const findings: Finding[] = manifest.files
    .filter(({ path }) => !SINGLE.includes(path) && !FOLDERS.some((at) => path.startsWith(at)))
    .map(({ path }) => ({ file: path, problem: 'has no place in a bundle' }));
  const each = <T>(folder: string, read: (file: string, bytes: Uint8Array) => T): T[] =>
    [...files]
      .filter(([file]) => file.startsWith(folder))
      .flatMap(([file, bytes]) => collect(findings, file, () => read(file, bytes)));
  const one = <T>(file: string, read: (file: string, bytes: Uint8Array) => T): T | undefined =>
    collect(findings, file, () => read(file, bytesOf(files, file)))[0];
  const parts = {
    manifest,
    submission: one(BUNDLE.submission, readSigned),
    request: one(BUNDLE.request, readJson(validateRunRequest)),
    policy: one(BUNDLE.policy, readJson(validatePolicy)),
    entry: one(BUNDLE.entry, readCanonical(validateRegistryEntry)),
    promotions: one(BUNDLE.entry, readPromotions),
    proof: one(BUNDLE.proof, readCanonical(validateLedgerProofDocument)),
    envelopes: each(BUNDLE.envelopes, readEnvelope),
    approvals: each(BUNDLE.approvals, readSigned),
    stages: each(BUNDLE.results, readResult),
    lists: each(BUNDLE.lists, readList),
    reports: each(BUNDLE.reports, readReport),
  };
  if (findings.length > 0) return { findings };
  const results = [...parts.stages, ...parts.lists.flatMap(shardsIn)];
  return { findings, value: { ...parts, results } as Bundle };
}

/** A list binds each of its items: its digest is an output of a signed result. */
function shardsIn({ file, items }: BundledList): readonly Omit<BundledResult, 'envelope'>[] {
  return items.flatMap((item) =>
    'outputs' in item ? { file, digest: digestJson(item), result: item } : [],
  );
}

function collect<T>(findings: Finding[], file: string, read: () => T): T[] {
  const found: T[] = [];
  findings.push(
    ...attempt(file, () => {
      found.push(read());
      return [];
    }),
  );
  return found;
}

function bytesOf(files: BundleFiles, file: string): Uint8Array {
  const bytes = files.get(file);
  if (bytes === undefined) throw new LineageError('EVIDENCE_INVALID', `${file} is missing`);
  return bytes;
}

const readJson =
  <T>(validator: ValidateFunction<T>) =>
  (file: string, bytes: Uint8Array): T =>
    check(validator, parseJson(bytes, file), file);

const readCanonical =
  <T>(validator: ValidateFunction<T>) =>
  (file: string, bytes: Uint8Array): T =>
    check(validator, parseCanonical(bytes, file), file);

function readStatement(file: string, envelope: Envelope): BundledStatement {
  const statement = parseStatement(decodeBase64(envelope.payload, file), file);
  return { file, envelope, digest: digestJson(envelope), statement };
}

function readSigned(file: string, bytes: Uint8Array): BundledStatement {
  return readStatement(file, readCanonical(validateDsseEnvelope)(file, bytes));
}

function readPromotions(file: string, bytes: Uint8Array): readonly BundledStatement[] {
  const { promotions } = readCanonical(validateRegistryEntry)(file, bytes);
  return promotions.map((envelope) => readStatement(file, envelope));
}

function readEnvelope(file: string, bytes: Uint8Array): BundledEnvelope {
  const { envelope, ...place } = readCanonical(validateCommittedEnvelope)(file, bytes);
  return { ...readStatement(file, envelope), ...place };
}

function readResult(file: string, bytes: Uint8Array): BundledResult {
  const envelope = readCanonical(validateDsseEnvelope)(file, bytes);
  const payload = parseCanonical(decodeBase64(envelope.payload, file), file);
  const result = check(validateStepResult, payload, file);
  return { file, envelope, digest: digestJson(result), result };
}

function readList(file: string, bytes: Uint8Array): BundledList {
  return { file, digest: sha256(bytes), items: parseList(parseCanonical(bytes, file), file) };
}

function readReport(file: string, bytes: Uint8Array): BundledReport {
  return { file, digest: sha256(bytes), bytes };
}
