import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import {
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateStage,
  type WorkflowHandle,
} from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApprovalRequest, ControlActivities, SignedReview } from '../../activities/api.js';
import type { ArtifactRef, StepResult } from '../../schemas/index.js';
import {
  decideUpdate,
  reviewStatusQuery,
  signUpdate,
  type ReviewOutcome,
  type ReviewPhase,
} from '../../workflows/messages.js';
import type { ReviewGateInput } from '../../workflows/review-gate.js';
import { findTimeSkippingServer, startTimeSkipping } from './time-skipping-server.js';

type CommitApproval = ControlActivities['commitApproval'];

const ref = (name: string): ArtifactRef => ({
  digest: `sha256:${createHash('sha256').update(name).digest('hex')}`,
  class: 'evidence',
  mediaType: 'application/json',
  sizeBytes: name.length,
});

const approval: ApprovalRequest = {
  submitter: 'engineer',
  step: {
    runId: 'run-1',
    project: 'test',
    policy: ref('policy'),
    params: { batchRoot: ref('root').digest },
    inputs: { batch: ref('batch'), overlay: ref('overlay'), info: ref('info') },
  },
};

const signed = (name = 'one'): SignedReview => ({
  decisions: ref(`decisions ${name}`),
  signature: ref(`signature ${name}`),
});

function decided(meaning: string, { decisions, signature }: SignedReview): StepResult {
  return {
    schema: 'custos.step-result.v1',
    step: 'custos.review.v1',
    memoKey: ref('memo').digest,
    inputs: approval.step.inputs,
    outputs: { decisions, approval: signature },
    counts: {},
    values: { meaning },
  } as unknown as StepResult;
}

const server = await findTimeSkippingServer();
if ('missing' in server) console.warn(`review deadlines are not tested: ${server.missing}`);

describe.skipIf('missing' in server)('the review gate, on a server that skips time', () => {
  let environment: TestWorkflowEnvironment;
  let stop: () => Promise<void>;
  let worker: Worker;
  let running: Promise<void>;
  let started = 0;
  // A double, here only: a signature that fails, waits or comes back on command cannot be had from
  // the real activity, whose own refusals are tested on real stores.
  let commitApproval: CommitApproval;
  let commits: SignedReview[];
  let releaseHeld: () => void = () => undefined;

  beforeAll(async () => {
    if ('missing' in server) return;
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
    const logger = new DefaultLogger('ERROR');
    const bundle = await bundleWorkflowCode({ workflowsPath, logger });
    ({ environment, stop } = await startTimeSkipping(server.jars));
    worker = await Worker.create({
      connection: environment.nativeConnection,
      taskQueue: 'control',
      workflowBundle: bundle,
      activities: {
        commitApproval: (request: ApprovalRequest, one: SignedReview) => {
          commits.push(one);
          return commitApproval(request, one);
        },
      },
    });
    running = worker.run();
  });

  afterAll(async () => {
    if ('missing' in server) return;
    worker.shutdown();
    await running;
    await stop();
  });

  beforeEach(() => {
    commits = [];
    commitApproval = (_request, one) => Promise.resolve(decided('approved', one));
  });

  afterEach(() => {
    releaseHeld();
  });

  const MINUTES = {
    remindAfterMinutes: 60,
    escalateAfterMinutes: 240,
    expireAfterMinutes: 1440,
  } as const;

  type Gate = WorkflowHandle<(input: ReviewGateInput) => Promise<ReviewOutcome>>;

  async function openGate(timing: ReviewGateInput['timing'] = MINUTES): Promise<Gate> {
    started += 1;
    return environment.client.workflow.start('reviewGate', {
      taskQueue: 'control',
      workflowId: `gate-${String(started)}`,
      args: [{ approval, timing }],
    });
  }

  const statusOf = (gate: Gate) => gate.query(reviewStatusQuery);
  const phaseOf = async (gate: Gate): Promise<ReviewPhase> => (await statusOf(gate)).phase;
  const sign = (gate: Gate, one = signed()) => gate.executeUpdate(signUpdate, { args: [one] });
  const startSign = (gate: Gate, one = signed()) =>
    gate.startUpdate(signUpdate, { args: [one], waitForStage: WorkflowUpdateStage.ACCEPTED });

  /** The activity waits until it is released, at the latest by the end of the test. */
  function holdCommit(): { release(result: StepResult | Error): void } {
    let release!: (result: StepResult | Error) => void;
    const held = new Promise<StepResult | Error>((resolve) => {
      release = resolve;
    });
    releaseHeld = () => {
      release(refusal());
    };
    commitApproval = async () => {
      const result = await held;
      if (result instanceof Error) throw result;
      return result;
    };
    return { release };
  }

  async function failureOf(update: Promise<unknown>): Promise<ApplicationFailure> {
    const error: unknown = await update.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
    let cause: unknown = error;
    while (cause instanceof Error && !(cause instanceof ApplicationFailure)) cause = cause.cause;
    expect(cause).toBeInstanceOf(ApplicationFailure);
    return cause as ApplicationFailure;
  }

  async function countEvents(gate: Gate, attributes: string): Promise<number> {
    const { events } = await gate.fetchHistory();
    return (events ?? []).filter((event) => attributes in event && event[attributes as 'eventId'])
      .length;
  }

  async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  const refusal = () => ApplicationFailure.nonRetryable('not your batch', 'GATE_SHUT');

  it('reminds, escalates and refuses at its deadlines, and never approves', async () => {
    const gate = await openGate();
    const phases = [await phaseOf(gate)];
    for (const minutes of [61, 180, 1198]) {
      await environment.sleep(minutes * 60_000);
      phases.push(await phaseOf(gate));
    }
    expect(phases).toEqual(['open', 'reminded', 'escalated', 'escalated']);
    await environment.sleep(2 * 60_000);
    expect(await gate.result()).toEqual({ phase: 'expired' });
    expect(commits).toEqual([]);
  });

  it.each([
    ['all at once', { remindAfterMinutes: 5, escalateAfterMinutes: 5, expireAfterMinutes: 5 }],
    ['backwards', { remindAfterMinutes: 9, escalateAfterMinutes: 5, expireAfterMinutes: 1 }],
    ['of 30 days', { remindAfterMinutes: 1, escalateAfterMinutes: 2, expireAfterMinutes: 43_200 }],
  ])('refuses at deadlines that come %s', async (_name, timing) => {
    const gate = await openGate(timing);
    expect(await gate.result()).toEqual({ phase: 'expired' });
    expect(commits).toEqual([]);
  });

  it.each<[string, ReviewPhase]>([
    ['approved', 'approved'],
    ['refused', 'rejected'],
    ['', 'rejected'],
    ['Approved', 'rejected'],
  ])('closes by a signature that means "%s" as %s', async (meaning, phase) => {
    commitApproval = (_request, one) => Promise.resolve(decided(meaning, one));
    const gate = await openGate();
    expect(await sign(gate)).toBe(phase);
    expect(await gate.result()).toEqual({ phase, result: decided(meaning, signed()) });
    expect(commits).toEqual([signed()]);
  });

  it('approves only after the activity has returned', async () => {
    const commit = holdCommit();
    const gate = await openGate();
    const update = await startSign(gate);
    await until(async () => commits.length === 1);
    expect(await phaseOf(gate)).toBe('open');
    commit.release(decided('approved', signed()));
    expect(await update.result()).toBe('approved');
    expect((await gate.result()).phase).toBe('approved');
  });

  it('stays open when a signature fails, and takes the next one', async () => {
    commitApproval = () => Promise.reject(refusal());
    const gate = await openGate();
    expect(await failureOf(sign(gate, signed('bad')))).toMatchObject({ type: 'GATE_SHUT' });
    expect(await phaseOf(gate)).toBe('open');
    commitApproval = (_request, one) => Promise.resolve(decided('approved', one));
    expect(await sign(gate, signed('good'))).toBe('approved');
    expect((await gate.result()).result?.outputs['approval']).toEqual(signed('good').signature);
  });

  it('tries again when the ledger cannot be written, and waits for it', async () => {
    let attempts = 0;
    commitApproval = (_request, one) => {
      attempts += 1;
      if (attempts > 1) return Promise.resolve(decided('approved', one));
      return Promise.reject(ApplicationFailure.retryable('later', 'LEDGER_UNAVAILABLE'));
    };
    const gate = await openGate();
    expect(await sign(gate)).toBe('approved');
    expect(attempts).toBe(2);
  });

  it('refuses a second signature while the first is being verified', async () => {
    const commit = holdCommit();
    const gate = await openGate();
    const first = await startSign(gate, signed('first'));
    expect(await failureOf(sign(gate, signed('second')))).toMatchObject({ type: 'REVIEW_BUSY' });
    const draft = gate.executeUpdate(decideUpdate, { args: [ref('draft')] });
    expect(await failureOf(draft)).toMatchObject({ type: 'REVIEW_BUSY' });
    commit.release(decided('approved', signed('first')));
    expect(await first.result()).toBe('approved');
    expect(commits).toEqual([signed('first')]);
  });

  it('puts a draft in the place of the one that it takes further, and of no other', async () => {
    const gate = await openGate();
    const draft = (...args: [ArtifactRef, ArtifactRef?]) =>
      gate.executeUpdate(decideUpdate, { args });
    await draft(ref('rea 1'));
    await draft(ref('ben 1'));
    await draft(ref('rea 2'), ref('rea 1'));
    await draft(ref('rea 3'), ref('rea 2'));
    const { drafts } = await gate.query(reviewStatusQuery);
    expect(drafts).toEqual([ref('ben 1'), ref('rea 3')]);
  });

  it('lets one of two simultaneous signatures through', async () => {
    const commit = holdCommit();
    const gate = await openGate();
    const both = [signed('left'), signed('right')].map((one) => sign(gate, one));
    const lost = await Promise.race(both.map((one) => failureOf(one)));
    expect(lost).toMatchObject({ type: 'REVIEW_BUSY' });
    commit.release(decided('approved', signed()));
    const settled = await Promise.allSettled(both);
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(commits).toHaveLength(1);
  });

  it.each(['approved', 'refused'])('refuses any message once %s', async (meaning) => {
    commitApproval = (_request, one) => Promise.resolve(decided(meaning, one));
    const gate = await openGate();
    await sign(gate);
    const outcome = await gate.result();
    await expect(sign(gate, signed('late'))).rejects.toThrow();
    await expect(gate.executeUpdate(decideUpdate, { args: [ref('late')] })).rejects.toThrow();
    expect(commits).toEqual([signed()]);
    expect(await gate.result()).toEqual(outcome);
  });

  it('refuses a signature after expiry', async () => {
    const gate = await openGate();
    await gate.result();
    await expect(sign(gate)).rejects.toThrow(WorkflowNotFoundError);
    expect(commits).toEqual([]);
  });

  it.each([
    ['no signature', { decisions: ref('decisions') }],
    ['no decisions', { signature: ref('signature') }],
    ['a digest of another form', { ...signed(), signature: { ...ref('x'), digest: 'sha256:00' } }],
  ])('refuses to verify %s', async (_name, one) => {
    const gate = await openGate();
    const failure = await failureOf(sign(gate, one as SignedReview));
    expect(failure).toMatchObject({ type: 'REVIEW_INVALID' });
    expect(commits).toEqual([]);
    expect(await phaseOf(gate)).toBe('open');
  });

  it('keeps drafts in their order, judges none, and decides nothing by them', async () => {
    const gate = await openGate();
    expect((await statusOf(gate)).drafts).toEqual([]);
    await gate.executeUpdate(decideUpdate, { args: [ref('draft 1')] });
    await gate.executeUpdate(decideUpdate, { args: [ref('draft 2')] });
    const bad = gate.executeUpdate(decideUpdate, { args: [{ ...ref('x'), digest: '' }] });
    expect(await failureOf(bad)).toMatchObject({ type: 'REVIEW_INVALID' });
    const { step, submitter } = approval;
    expect(await statusOf(gate)).toEqual({
      phase: 'open',
      runId: step.runId,
      project: step.project,
      submitter,
      batch: ref('batch'),
      info: ref('info'),
      policy: ref('policy'),
      drafts: [ref('draft 1'), ref('draft 2')],
    });
    expect(await gate.result()).toEqual({ phase: 'expired' });
    expect(commits).toEqual([]);
  });

  it('outlives more messages than an execution may take, with its phase and deadlines', async () => {
    const gate = await openGate();
    const { runId: first } = await gate.describe();
    await environment.sleep(61 * 60_000);
    // Eight at a time: the server takes ten that are under way.
    for (let sent = 0; sent < 520; sent += 8) {
      const drafts = Array.from({ length: 8 }, (_, index) => ref(`draft ${String(sent + index)}`));
      const kept = drafts.map((draft) => gate.executeUpdate(decideUpdate, { args: [draft] }));
      // One that meets the gate while it goes on as a new execution is told to try again.
      await Promise.allSettled(kept);
    }
    const last = ref('the last draft');
    await gate.executeUpdate(decideUpdate, { args: [last] });
    const { phase, drafts } = await statusOf(gate);
    expect([phase, drafts.length, drafts.at(-1)]).toEqual(['reminded', 64, last]);
    const { runId } = await gate.describe();
    expect(runId).not.toBe(first);
    await environment.sleep(180 * 60_000);
    expect(await phaseOf(gate)).toBe('escalated');
    expect(await sign(gate)).toBe('approved');
    expect((await gate.result()).phase).toBe('approved');
  }, 60_000);

  it('ends undecided when cancelled', async () => {
    const gate = await openGate();
    expect(await phaseOf(gate)).toBe('open');
    await gate.cancel();
    const error: unknown = await gate.result().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
    await expect(sign(gate)).rejects.toThrow(WorkflowNotFoundError);
    expect(commits).toEqual([]);
  });

  it.each<[string, StepResult | Error, ReviewPhase]>([
    ['counts when it holds', decided('approved', signed()), 'approved'],
    ['expires when it fails', refusal(), 'expired'],
  ])('a signature that is verified across the last deadline %s', async (_name, verdict, phase) => {
    const commit = holdCommit();
    const minute = { remindAfterMinutes: 1, escalateAfterMinutes: 1, expireAfterMinutes: 1 };
    const gate = await openGate(minute);
    await environment.sleep(59_000);
    const update = await startSign(gate);
    const outcome = update.result().catch(() => 'failed');
    // Time does not skip while an activity runs: the last second passes as a second.
    await until(async () => (await countEvents(gate, 'timerFiredEventAttributes')) === 3);
    expect(await phaseOf(gate)).not.toBe('expired');
    commit.release(verdict);
    expect(await outcome).toBe(phase === 'expired' ? 'failed' : phase);
    expect((await gate.result()).phase).toBe(phase);
  });
});
