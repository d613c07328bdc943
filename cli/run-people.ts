import {
  parseJson,
  parseStatement,
  STATEMENT_PAYLOAD_TYPE,
  verifyEnvelope,
  type Envelope,
} from '../domain/evidence/index.js';
import { readJson, submissionDocument } from '../domain/lineage/index.js';
import type { Stores } from '../infra/runtime/index.js';
import type {
  ArtifactRef,
  ReviewStatement,
  StepResult,
  SubmissionStatement,
} from '../schemas/index.js';
import { CliError } from './errors.js';
import { installationKeys } from './keyring.js';
import { listEvidenceRuns } from './run-evidence.js';
import { refOf } from './stage-results.js';

/** Who signed, and whether the signature holds under a key of this installation. */
interface Signed {
  readonly signer: string;
  readonly issuer: string;
  readonly method: string;
  readonly signedAt: string;
  readonly verified: boolean;
}

export interface SubmissionFacts extends Signed {
  readonly project: string;
  readonly policyDigest: string;
  readonly requestDigest: string;
}

export interface ReviewFacts extends Signed {
  readonly verdict: string;
  readonly meaning: string;
  /** The run in which it was signed; another one's approval may be reused. */
  readonly signedInRun: string;
  /** `0 misses in 299: at most 1% at 95% confidence`. */
  readonly statement: string;
  readonly items: number;
  readonly approvalDigest: string;
}

/** Evidence is not sealed, so its address does not depend on the project. */
export const ANY_PROJECT = 'any';

interface Opened<T> {
  readonly statement: T;
  readonly verified: boolean;
}

async function openStatement<T>(
  stores: Stores,
  envelope: Envelope,
  where: string,
): Promise<Opened<T>> {
  const statement = parseStatement(Buffer.from(envelope.payload, 'base64'), where) as T;
  const keys = await installationKeys(stores);
  try {
    verifyEnvelope(envelope, keys, { payloadType: STATEMENT_PAYLOAD_TYPE, use: 'person' });
    return { statement, verified: true };
  } catch {
    return { statement, verified: false };
  }
}

/** The signed request that opened a run; undefined before it is opened. */
export async function submissionFacts(
  stores: Stores,
  runId: string,
): Promise<SubmissionFacts | undefined> {
  const document = await stores.documents.read(submissionDocument(runId));
  if (document === undefined) return undefined;
  const ref = parseJson(document.bytes, 'the submission') as ArtifactRef;
  const envelope = (await readJson(stores.artifacts, ref, ANY_PROJECT)) as Envelope;
  const opened = await openStatement<SubmissionStatement>(stores, envelope, 'the submission');
  const { actor, signedAt, policyDigest, requestDigest, ...rest } = opened.statement.predicate;
  return {
    project: rest.project,
    signer: actor.subject,
    issuer: actor.issuer,
    method: actor.method,
    signedAt,
    verified: opened.verified,
    policyDigest,
    requestDigest,
  };
}

/** @throws CliError NOT_FOUND for a run that was never opened */
export async function projectOfRun(stores: Stores, runId: string): Promise<string> {
  const submission = await submissionFacts(stores, runId);
  if (submission !== undefined) return submission.project;
  throw new CliError('NOT_FOUND', `there is no run ${runId}; "custos runs" lists them`);
}

/** For a sentence about runs. */
export const ofProject = (project: string | undefined): string =>
  project === undefined ? '' : ` of project ${project}`;

/** The runs that left evidence, of one project or of all, each with its project. */
export async function projectRuns(
  stores: Stores,
  project?: string,
): Promise<readonly { readonly runId: string; readonly project: string }[]> {
  const runs: { runId: string; project: string }[] = [];
  for (const runId of await listEvidenceRuns(stores)) {
    // An id begins with its project, and a project's name may begin with another's.
    if (project !== undefined && !runId.startsWith(`${project}-`)) continue;
    const owner = (await submissionFacts(stores, runId))?.project;
    if (owner !== undefined && owner === (project ?? owner)) runs.push({ runId, project: owner });
  }
  return runs;
}

/** The signature at the review gate, from the approval that the review step put. */
export async function reviewFacts(stores: Stores, review: StepResult): Promise<ReviewFacts> {
  const approval = refOf(review, 'approval');
  const envelope = (await readJson(stores.artifacts, approval, ANY_PROJECT)) as Envelope;
  const opened = await openStatement<ReviewStatement>(stores, envelope, 'the approval');
  const { actor, signedAt, verdict, meaning, runId } = opened.statement.predicate;
  const { sample } = review.values;
  return {
    signer: actor.subject,
    issuer: actor.issuer,
    method: actor.method,
    signedAt,
    verified: opened.verified,
    verdict,
    meaning,
    signedInRun: runId,
    statement: typeof sample === 'string' ? sample : '',
    items: review.counts['items'] ?? 0,
    approvalDigest: approval.digest,
  };
}
