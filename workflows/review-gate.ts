import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  setHandler,
} from '@temporalio/workflow';
import type { ApprovalRequest, SignedReview } from '../activities/api.js';
import type { ArtifactRef, Policy, StepResult } from '../schemas/index.js';
import {
  decideUpdate,
  reviewStatusQuery,
  signUpdate,
  type ReviewOutcome,
  type ReviewPhase,
} from './messages.js';
import { control, output } from './steps.js';

export interface ReviewGateInput {
  readonly approval: ApprovalRequest;
  readonly timing: Pick<
    Policy['review'],
    'remindAfterMinutes' | 'escalateAfterMinutes' | 'expireAfterMinutes'
  >;
}

interface GateState {
  phase: ReviewPhase;
  signing: boolean;
  draft?: ArtifactRef;
  result?: StepResult;
}

const isClosed = (state: GateState) =>
  state.phase === 'approved' || state.phase === 'rejected' || state.phase === 'expired';

function assertOpen(state: GateState): void {
  if (isClosed(state)) {
    throw ApplicationFailure.nonRetryable(`this review is ${state.phase}`, 'REVIEW_CLOSED');
  }
  if (state.signing) {
    throw ApplicationFailure.nonRetryable('another signature is being verified', 'REVIEW_BUSY');
  }
}

function assertRef(ref: ArtifactRef | undefined): void {
  if (ref === undefined || !/^sha256:[0-9a-f]{64}$/.test(ref.digest)) {
    throw ApplicationFailure.nonRetryable('an artifact reference is missing', 'REVIEW_INVALID');
  }
}

/** Sets the three handlers. Only `sign` can close the gate with a decision. */
function handleMessages(state: GateState, input: ReviewGateInput): void {
  const { step, submitter } = input.approval;
  setHandler(reviewStatusQuery, () => ({
    phase: state.phase,
    runId: step.runId,
    project: step.project,
    submitter,
    batch: step.inputs['batch'] as ArtifactRef,
    info: step.inputs['info'] as ArtifactRef,
    policy: step.policy,
    ...(state.draft === undefined ? {} : { draft: state.draft }),
  }));
  setHandler(
    decideUpdate,
    (draft: ArtifactRef) => {
      state.draft = draft;
    },
    {
      validator: (draft: ArtifactRef) => {
        assertOpen(state);
        assertRef(draft);
      },
    },
  );
  setHandler(
    signUpdate,
    async (signed) => {
      state.signing = true;
      try {
        const result = await control.commitApproval(input.approval, signed);
        state.result = result;
        state.phase = result.values['meaning'] === 'approved' ? 'approved' : 'rejected';
        return state.phase;
      } finally {
        state.signing = false;
      }
    },
    {
      validator: (signed: SignedReview) => {
        assertOpen(state);
        assertRef(signed.decisions);
        assertRef(signed.signature);
      },
    },
  );
}

/**
 * Waits for a person. Timers remind, escalate and at last refuse; none approves. The state changes
 * only after the activity has verified the signature and written it to the ledger.
 */
export async function reviewGate(input: ReviewGateInput): Promise<ReviewOutcome> {
  const state: GateState = { phase: 'open', signing: false };
  handleMessages(state, input);
  const { remindAfterMinutes, escalateAfterMinutes, expireAfterMinutes } = input.timing;
  const deadlines: readonly (readonly [number, ReviewPhase])[] = [
    [remindAfterMinutes, 'reminded'],
    [Math.max(remindAfterMinutes, escalateAfterMinutes), 'escalated'],
    [Math.max(remindAfterMinutes, escalateAfterMinutes, expireAfterMinutes), 'expired'],
  ];
  let waitedMinutes = 0;
  for (const [atMinutes, phase] of deadlines) {
    const decided = await condition(
      () => isClosed(state),
      (atMinutes - waitedMinutes) * 60_000 || 1,
    );
    if (decided) break;
    waitedMinutes = atMinutes;
    // A signature that is being verified when time runs out is let finish.
    if (phase === 'expired') await condition(() => !state.signing);
    if (!isClosed(state)) state.phase = phase;
  }
  await condition(allHandlersFinished);
  return { phase: state.phase, ...(state.result === undefined ? {} : { result: state.result }) };
}

/** The decisions of an approved outcome. */
export function approvedDecisions(outcome: ReviewOutcome): StepResult {
  if (outcome.phase !== 'approved' || outcome.result === undefined) {
    throw ApplicationFailure.nonRetryable(
      `the review gate is shut: the batch was ${outcome.phase}; mend the records or the policy and start a new run`,
      'REVIEW_REFUSED',
    );
  }
  output(outcome.result, 'decisions');
  return outcome.result;
}
