import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  setHandler,
} from '@temporalio/workflow';
import type { ApprovalRequest, SignedReview } from '../activities/api.js';
import type { ArtifactRef, Policy, StepResult } from '../schemas/index.js';
import { workflowTimeMs } from './clock.js';
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
  /** Where the execution before this one stopped; absent in the first. */
  readonly resumed?: {
    readonly openedAtMs: number;
    readonly phase: ReviewPhase;
    readonly drafts: readonly ArtifactRef[];
  };
}

// The server takes 2,000 Updates an execution and then none, a signature neither. Drafts and
// signatures that fail count, so the gate goes on as a new execution long before.
const MAX_UPDATES = 500;
// Drafts are kept by reference; whoever floods the gate must not grow its state.
const MAX_DRAFTS = 64;

interface GateState {
  phase: ReviewPhase;
  signing: boolean;
  updates: number;
  drafts: readonly ArtifactRef[];
  result?: StepResult;
}

const isClosed = (state: GateState) =>
  state.phase === 'approved' || state.phase === 'rejected' || state.phase === 'expired';

const isWorn = (state: GateState) => state.updates >= MAX_UPDATES;

function assertOpen(state: GateState): void {
  if (isClosed(state)) {
    throw ApplicationFailure.nonRetryable(`this review is ${state.phase}`, 'REVIEW_CLOSED');
  }
  if (state.signing) {
    throw ApplicationFailure.nonRetryable('another signature is being verified', 'REVIEW_BUSY');
  }
  if (isWorn(state)) {
    throw ApplicationFailure.nonRetryable('the review is being renewed; try again', 'REVIEW_BUSY');
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
    drafts: state.drafts,
  }));
  setHandler(
    decideUpdate,
    (draft: ArtifactRef, replaced?: ArtifactRef) => {
      state.updates += 1;
      const others = state.drafts.filter(({ digest }) => digest !== replaced?.digest);
      state.drafts = [...others, draft].slice(-MAX_DRAFTS);
    },
    {
      validator: (draft: ArtifactRef, replaced?: ArtifactRef) => {
        assertOpen(state);
        assertRef(draft);
        if (replaced !== undefined) assertRef(replaced);
      },
    },
  );
  setHandler(
    signUpdate,
    async (signed) => {
      state.updates += 1;
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

/** The gate's deadlines in their order, however the policy gives them, in ms since it opened. */
function deadlinesOf({
  remindAfterMinutes,
  escalateAfterMinutes,
  expireAfterMinutes,
}: ReviewGateInput['timing']): readonly (readonly [number, ReviewPhase])[] {
  const escalate = Math.max(remindAfterMinutes, escalateAfterMinutes);
  return [
    [remindAfterMinutes * 60_000, 'reminded'],
    [escalate * 60_000, 'escalated'],
    [Math.max(escalate, expireAfterMinutes) * 60_000, 'expired'],
  ];
}

/** Passes the deadlines until the gate is closed, or worn. */
async function waitForDecision(
  state: GateState,
  timing: ReviewGateInput['timing'],
  openedAtMs: number,
): Promise<void> {
  const deadlines = deadlinesOf(timing);
  const passed = deadlines.findIndex(([, phase]) => phase === state.phase);
  for (const [afterMs, phase] of deadlines.slice(passed + 1)) {
    const leftMs = openedAtMs + afterMs - workflowTimeMs();
    if (await condition(() => isClosed(state) || isWorn(state), Math.max(1, leftMs))) return;
    // A signature that is being verified when time runs out is let finish.
    if (phase === 'expired') await condition(() => !state.signing);
    if (!isClosed(state)) state.phase = phase;
  }
}

/**
 * Waits for a person. Timers remind, escalate and at last refuse; none approves. The state changes
 * only after the activity has verified the signature and written it to the ledger.
 */
export async function reviewGate(input: ReviewGateInput): Promise<ReviewOutcome> {
  const { phase, drafts, openedAtMs } = input.resumed ?? {
    phase: 'open',
    drafts: [],
    openedAtMs: workflowTimeMs(),
  };
  const state: GateState = { phase, drafts, signing: false, updates: 0 };
  handleMessages(state, input);
  await waitForDecision(state, input.timing, openedAtMs);
  await condition(allHandlersFinished);
  if (!isClosed(state)) {
    const resumed = { openedAtMs, phase: state.phase, drafts: state.drafts };
    return continueAsNew<typeof reviewGate>({ ...input, resumed });
  }
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
