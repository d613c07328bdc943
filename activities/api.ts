import type {
  Actor,
  ArtifactRef,
  FiringStatement,
  Policy,
  RunRequest,
  StepRequest,
  StepResult,
} from '../schemas/index.js';

/** What the workflow starts from: digests and the run file, never data. */
export interface RunInput {
  readonly runId: string;
  readonly project: string;
  readonly request: RunRequest;
  readonly requestRef: ArtifactRef;
  readonly policy: ArtifactRef;
  /** The submitter's signed statement over the digests of request and policy. */
  readonly submission: ArtifactRef;
  /**
   * Logical source name, `NAME:corrections`, or `model` -> path on the worker's machine, a glob or
   * an s3:// prefix. Enters no memo key.
   */
  readonly locations: Readonly<Record<string, string>>;
  /** Name of the schedule that started the run; its submission is then a standing one. */
  readonly schedule?: string;
}

/** What a schedule starts, again and again; the run's id comes from the time of the firing. */
export interface ScheduledInput extends Omit<RunInput, 'runId'> {
  readonly schedule: string;
}

/** How a scheduled run ends whose ingested records are those of the last one. */
export interface NothingNew {
  readonly runId: string;
  readonly unchangedSince: string;
}

export interface ScheduledIngest extends Pick<RunInput, 'project' | 'submission'> {
  readonly schedule: string;
  readonly ingestion: StepResult;
}

/** A firing as the workflow knows it; the activity that records it reads the rest in the evidence. */
export type FiringDraft = Omit<FiringStatement['predicate'], 'endedAt' | 'shards' | 'drift'>;

export interface OpenedRun {
  readonly submitter: Actor;
  readonly review: Policy['review'];
  readonly policyName: string;
  /** The sources that the submission binds, by the digests of their manifests; none of a schedule. */
  readonly sources?: readonly { readonly name: string; readonly digest: string }[];
}

export interface FileFingerprint {
  readonly name: string;
  readonly digest: string;
  readonly sizeBytes: number;
}

/** One source as it was found; its files are listed in the manifest. */
export interface SourceFingerprint {
  readonly name: string;
  readonly files: number;
  readonly sizeBytes: number;
  /** Its digest is that of the source: of the canonical list of names, sizes and digests. */
  readonly manifest: ArtifactRef;
}

export interface SignedReview {
  /** What the reviewer decided, canonical: deterministic for equal decisions. */
  readonly decisions: ArtifactRef;
  /** The DSSE envelope of the signed review statement. */
  readonly signature: ArtifactRef;
}

export interface ApprovalRequest {
  readonly step: StepRequest;
  readonly submitter: string;
}

export interface RegisterRequest {
  readonly runId: string;
  readonly project: string;
  readonly adapter: string;
  readonly submitter: Actor;
  readonly release: StepResult;
  readonly train: StepResult;
}

export interface RegisteredAdapter {
  readonly name: string;
  readonly version: number;
  readonly stage: string;
  readonly adapterDigest: string;
  readonly entry: ArtifactRef;
}

/** Activities on `control` and `records` that are not steps: they decide nothing that is kept by memo. */
export interface ControlActivities {
  /** @throws SIGNATURE_INVALID when the submission is not signed by a known submitter */
  openRun(input: RunInput): Promise<OpenedRun>;
  fingerprintSources(
    request: RunRequest,
    locations: Readonly<Record<string, string>>,
  ): Promise<readonly SourceFingerprint[]>;
  fingerprintModel(path: string): Promise<{ revision: string; files: readonly FileFingerprint[] }>;
  /** A stored approval, only while its policy, age and signer are still valid. */
  recallApproval(request: ApprovalRequest): Promise<StepResult | null>;
  /** Verifies a signed review, appends it to the ledger, then publishes it. */
  commitApproval(request: ApprovalRequest, signed: SignedReview): Promise<StepResult>;
  register(request: RegisterRequest): Promise<RegisteredAdapter>;
  /** The last run of the schedule that ended with these very records; null when they are new. */
  findUnchanged(ingest: ScheduledIngest): Promise<string | null>;
  /** Signs, stores and logs what came of a firing. Idempotent by the firing's run. */
  recordFiring(firing: FiringDraft): Promise<void>;
}

/** Every step activity has this form; its name is the step's versioned name. */
export type StepActivities = Record<string, (request: StepRequest) => Promise<StepResult>>;

/** What came of a range of shards. */
export interface RangeResult {
  /** The memo keys of the shards' results, in the shards' order. */
  readonly page: ArtifactRef;
  /** Sums over the shards. */
  readonly counts: Readonly<Record<string, number>>;
  readonly computed: number;
  readonly reused: number;
}

/** Steps of shards are scheduled by ranges of their input lists. */
export type RangeActivities = Record<string, (request: StepRequest) => Promise<RangeResult>>;
