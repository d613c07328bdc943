import {
  activityInfo,
  asyncLocalStorage,
  cancellationSignal,
  heartbeat,
  log,
} from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { beginStep, commitStep, recordRun, type StepRuntime } from '../domain/lineage/index.js';
import type { FanOut, StepSpec } from '../policies/index.js';
import { check, validateStepRequest, type StepRequest, type StepResult } from '../schemas/index.js';
import type { RangeResult } from './api.js';
import { createContext, type ContextHost, type Executor, type ExecutorOutput } from './context.js';
import { requestsOf, runRange } from './range.js';
import { isRetryable } from './retryable.js';
import { smallArtifacts } from './small-artifacts.js';

/** The errors of our own rooms: their words hold codes, places and counts, nothing of a record. */
const OWN_ERRORS = new Set([
  ...['AssessError', 'ComputeError', 'IdentityError', 'LeakError', 'LineageError', 'LocalError'],
  ...[
    'MinimizeError',
    'ModelError',
    'NameModelError',
    'PolicyError',
    'RecordError',
    'RedactError',
    'RedactThreadError',
    'ReviewError',
  ],
  ...[
    'SchemaError',
    'GarbageError',
    'ServersError',
    'SourceError',
    'StoreError',
    'ThreadFailure',
    'TokenizeError',
    'TrainError',
    'VaultFileError',
  ],
]);

const HEARTBEAT_MS = 2_000;
/** Steps speak of their progress more often than anybody hears of it; each time costs CPU. */
const LEAST_BEAT_MS = 200;

/** The one place where an error becomes a Temporal failure: its type is the error's code. */
function toFailure(error: unknown, attempt: number): Error {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  if (!(error instanceof Error)) {
    return ApplicationFailure.create({
      type: 'UNKNOWN',
      message: 'a step failed',
      nonRetryable: true,
    });
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'INTERNAL';
  // A library's error, and Node's own, may quote the value that it choked on.
  const message = OWN_ERRORS.has(error.name) ? error.message : foreignMessage(error);
  return ApplicationFailure.create({
    type: code,
    message,
    nonRetryable: !isRetryable(code, attempt),
  });
}

/** What to do about faults of the machine, which no room of ours has words for. */
const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'a disk of the worker is full; free some space, and the step goes on',
  EDQUOT: "the worker's quota of disk is used up; free some space, and the step goes on",
  EMFILE: 'the worker may open no more files; raise its limit (ulimit -n)',
  ENOMEM: "the worker's machine has no memory left; end other work on it",
};

/** Class, code, path of a system call and place in the code: what is known without its words. */
function foreignMessage(error: NodeJS.ErrnoException): string {
  // The stack begins with the message, and a message may hold lines that look like frames.
  const frames = error.stack?.replace(error.message, '').split('\n');
  const frame = frames?.find((line) => /^\s+at .*:\d+:\d+\)?$/.test(line));
  const facts = [
    error.code,
    error.syscall,
    error.syscall === undefined ? undefined : error.path,
    frame?.trim(),
  ].filter((fact) => fact !== undefined);
  const advice = ADVICE[error.code ?? ''];
  return `${advice === undefined ? '' : `${advice}: `}unexpected ${[error.name, ...facts].join(' ')}`;
}

/** Who is told what came of steps and that activities are alive. */
export interface StepObserver {
  done(step: {
    readonly runId: string;
    readonly scope: StepSpec['scope'];
    readonly outcome: 'computed' | 'reused';
    readonly result: StepResult;
  }): void;
  beat(): void;
}

/** What the step functions stand on, and whom their bracket tells. */
export interface EdgeRuntime extends StepRuntime {
  readonly observer?: StepObserver;
}

export type StepActivity = (request: StepRequest) => Promise<StepResult>;

/** Brackets an executor with begin and commit, heartbeats while it runs, and maps its errors. */
export function stepActivity(
  runtime: EdgeRuntime,
  spec: StepSpec,
  executor: Executor,
): StepActivity {
  return (input) =>
    atEdge(async () => {
      const request = check(validateStepRequest, input, `request of ${spec.name}`);
      const { result } = await beating(runtime, (heartbeat) =>
        executeStep(runtime, spec, executor, request, { heartbeat, small: smallArtifacts() }),
      );
      return result;
    });
}

async function atEdge<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (cancellationSignal().aborted) throw new CancelledFailure('cancelled');
    throw toFailure(error, currentAttempt());
  }
}

type Detail = Readonly<Record<string, number | string>>;

/** Heartbeats while `work` runs; what it says of its progress goes with the next one. */
async function beating<T>(
  runtime: EdgeRuntime,
  work: (heartbeat: (detail: Detail) => void) => Promise<T>,
): Promise<T> {
  let detail: Detail = {};
  let lastMs = -Infinity;
  let next: NodeJS.Timeout | undefined;
  const beat = () => {
    clearTimeout(next);
    next = undefined;
    lastMs = performance.now();
    heartbeat({ ...detail, at: runtime.now().toISOString() });
    runtime.observer?.beat();
  };
  const timer = setInterval(beat, HEARTBEAT_MS);
  try {
    return await work((said) => {
      detail = said;
      const waitMs = lastMs + LEAST_BEAT_MS - performance.now();
      if (waitMs <= 0) beat();
      // The last that is said in a burst is heard as well, not only at the next regular beat.
      else next ??= setTimeout(beat, waitMs);
    });
  } finally {
    clearInterval(timer);
    clearTimeout(next);
  }
}

interface Executed {
  readonly result: StepResult;
  /** The memo had it from another run; what an earlier attempt of this run left does not count. */
  readonly reused: boolean;
}

/** Begins a step, executes it unless the memo has its result, commits it and tells the observer. */
async function executeStep(
  runtime: EdgeRuntime,
  spec: StepSpec,
  executor: Executor,
  request: StepRequest,
  host: Omit<ContextHost, 'signal'>,
): Promise<Executed> {
  const executed = await beginAndCommit(runtime, spec, executor, request, host);
  runtime.observer?.done({
    runId: request.runId,
    scope: spec.scope,
    outcome: executed.reused ? 'reused' : 'computed',
    result: executed.result,
  });
  return executed;
}

async function beginAndCommit(
  runtime: StepRuntime,
  spec: StepSpec,
  executor: Executor,
  request: StepRequest,
  host: Omit<ContextHost, 'signal'>,
): Promise<Executed> {
  const { attempt } = activityInfo();
  const begun = await beginStep(runtime, spec, request);
  if (begun.hit !== undefined) {
    const { result, runId } = begun.hit;
    if (spec.scope === 'stage') await recordRun(runtime, spec, request, begun, result, attempt);
    return { result, reused: runId !== request.runId };
  }
  const signal = cancellationSignal();
  const context = createContext(runtime, request, begun, { ...host, signal });
  const { afterCommit, ...output } = await executor(context);
  const result = await commitStep(runtime, spec, request, begun, output, attempt, context.stored);
  await tidy(spec, afterCommit);
  return { result, reused: false };
}

export type RangeActivity = (request: StepRequest) => Promise<RangeResult>;

/** Runs a step of shards over a range of its input lists, each shard begun and committed by itself. */
export function rangeActivity(
  runtime: EdgeRuntime,
  spec: StepSpec,
  fanOut: FanOut,
  executor: Executor,
): RangeActivity {
  return (input) =>
    atEdge(async () => {
      const request = check(validateStepRequest, input, `request of ${spec.name}`);
      const requests = await requestsOf(runtime, fanOut, request);
      const small = smallArtifacts();
      return beating(runtime, (heartbeat) =>
        runRange(runtime, request.project, requests, heartbeat, (shard, beat) =>
          executeStep(runtime, spec, executor, shard, { heartbeat: beat, small }),
        ),
      );
    });
}

/** What is committed stays so, whether or not its leavings can be removed; "custos gc" finds them. */
async function tidy(spec: StepSpec, afterCommit: ExecutorOutput['afterCommit']): Promise<void> {
  try {
    await afterCommit?.();
  } catch (error) {
    const code = (error as { code?: unknown } | undefined)?.code;
    log.warn('what a step no longer needs could not be removed', { step: spec.name, code });
  }
}

/** Wraps an activity that is not a step, so that its errors take the same form. */
export function plainActivity<A extends unknown[], R>(
  run: (...args: A) => Promise<R>,
  observer?: StepObserver,
): (...args: A) => Promise<R> {
  return async (...args) => {
    // Without a heartbeat the loss of its worker would be noticed only at the timeout.
    const timer = setInterval(() => {
      heartbeat();
      observer?.beat();
    }, HEARTBEAT_MS);
    try {
      return await run(...args);
    } catch (error) {
      throw toFailure(error, currentAttempt());
    } finally {
      clearInterval(timer);
    }
  };
}

/** The number of this attempt, from 1; also 1 where no activity runs. */
function currentAttempt(): number {
  return asyncLocalStorage.getStore()?.info.attempt ?? 1;
}
