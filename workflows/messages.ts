import type { UpdateDefinition } from '@temporalio/common';
import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { RegisteredAdapter, SignedReview } from '../activities/api.js';
import type { StageId } from '../policies/steps.js';
import type { ArtifactRef, StepResult } from '../schemas/index.js';

export type StageStatus = 'waiting' | 'running' | 'done' | 'refused' | 'failed';

export interface StageState {
  readonly id: StageId;
  readonly status: StageStatus;
  readonly counts: Readonly<Record<string, number>>;
  /** Workflow time, milliseconds. */
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
}

export interface RunStatus {
  readonly runId: string;
  readonly stages: readonly StageState[];
  /** Id of the review workflow while one is open. */
  readonly reviewWorkflowId?: string;
}

export type ReviewPhase = 'open' | 'reminded' | 'escalated' | 'approved' | 'rejected' | 'expired';

export interface ReviewStatus {
  readonly phase: ReviewPhase;
  readonly runId: string;
  readonly project: string;
  readonly submitter: string;
  readonly batch: ArtifactRef;
  readonly info: ArtifactRef;
  readonly policy: ArtifactRef;
  /** Envelopes that were handed in as drafts, the latest last; whoever reads them verifies them. */
  readonly drafts: readonly ArtifactRef[];
}

export const runStatusQuery = defineQuery<RunStatus>('status');
export const reviewStatusQuery = defineQuery<ReviewStatus>('review');

export interface RunOutcome {
  readonly runId: string;
  readonly adapter: RegisteredAdapter;
  /** Names of the gates that were not green; empty when the release gate opened. */
  readonly shutGates: readonly string[];
  readonly release: StepResult;
}

export interface ReviewOutcome {
  readonly phase: ReviewPhase;
  readonly result?: StepResult;
}

/**
 * Keeps a signed draft of decisions, in place of the one that it takes further where that is named;
 * decides nothing, and the gate does not judge it.
 */
export const decideUpdate: UpdateDefinition<void, [draft: ArtifactRef, replaced?: ArtifactRef]> =
  defineUpdate('decide');

/** The one Update that decides. Its validator is synchronous; the signature is checked in an activity. */
export const signUpdate = defineUpdate<ReviewPhase, [SignedReview]>('sign');
