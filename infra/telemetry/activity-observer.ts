import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { flattenRefs } from '../../domain/lineage/index.js';
import type { ArtifactTable, StepResult } from '../../schemas/index.js';
import { codeOf, pickFields } from './log-fields.js';
import type { Logger } from './logger.js';
import { createMetrics, type Metrics } from './metrics.js';

/** A step as its bracket saw it: of a range, each shard is one. */
export interface SeenStep {
  readonly runId: string;
  readonly scope: 'stage' | 'shard';
  readonly outcome: 'computed' | 'reused';
  readonly result: StepResult;
}

export interface ActivityObserver {
  readonly metrics: Metrics;
  readonly interceptor: ActivityInterceptorsFactory;
  /** A step was committed or found. */
  done(step: SeenStep): void;
  /** The running activity gave a sign of life. */
  beat(): void;
}

const sizeOf = (table: ArtifactTable): number =>
  flattenRefs(table).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

/** How many records a step read and how many it let through, by the names of its counts. */
function recordsOf({ counts }: StepResult): { readonly in: number; readonly out: number } {
  const { rows, records = 0, kept, sequences, dropped = 0, rejected = 0 } = counts;
  return { in: rows ?? records, out: kept ?? sequences ?? records - dropped - rejected };
}

function countStep(metrics: Metrics, { outcome, result }: SeenStep): void {
  const { step } = result;
  metrics.steps.inc({ step, outcome, code: '' });
  if (outcome === 'reused') return;
  const records = recordsOf(result);
  metrics.records.inc({ step, direction: 'in' }, records.in);
  metrics.records.inc({ step, direction: 'out' }, records.out);
  metrics.bytes.inc({ step, direction: 'in' }, sizeOf(result.inputs));
  metrics.bytes.inc({ step, direction: 'out' }, sizeOf(result.outputs));
}

/** A label of a bounded set: the listed value, or `other`. */
const listed = (field: 'step' | 'queue', value: string): string =>
  String(pickFields({ [field]: value })[field] ?? 'other');

interface Attempt {
  readonly step: string;
  readonly queue: string;
  readonly queueMs: number;
  readonly startedAtMs: number;
}

function begin({ info }: Context, metrics: Metrics): Attempt {
  const step = listed('step', info.activityType);
  const queue = listed('queue', info.taskQueue);
  const startedAtMs = Date.now();
  // Two machines' clocks: never below zero.
  const queueMs = Math.max(0, startedAtMs - info.currentAttemptScheduledTimestampMs);
  metrics.queueSeconds.observe({ queue }, queueMs / 1000);
  if (info.attempt > 1) metrics.retries.inc({ step });
  return { step, queue, queueMs, startedAtMs };
}

/** Counts and logs how every attempt of an activity ended. */
export function observeActivities(logger: Logger): ActivityObserver {
  const beats = new Map<Context, number>();
  const metrics = createMetrics(() =>
    beats.size === 0 ? 0 : Date.now() - Math.min(...beats.values()),
  );
  const end = (context: Context, attempt: Attempt, outcome: string, error?: unknown) => {
    const { step, queue, queueMs, startedAtMs } = attempt;
    const durationMs = Date.now() - startedAtMs;
    metrics.stepSeconds.observe({ step, outcome }, durationMs / 1000);
    const isCounted = outcome === 'done' && step.startsWith('custos.');
    const code = outcome === 'failed' ? codeOf(error) : '';
    if (!isCounted) metrics.steps.inc({ step, outcome, code });
    const { info } = context;
    const runId = info.workflowExecution?.workflowId ?? '';
    const fields = { workflowId: runId, step, queue, queueMs, attempt: info.attempt };
    const level = outcome === 'failed' ? 'warn' : 'info';
    logger.write(level, 'activityEnded', { ...fields, durationMs, outcome }, error);
  };
  return {
    metrics,
    done: (seen) => {
      countStep(metrics, seen);
      const { runId, outcome, result } = seen;
      logger.write(seen.scope === 'stage' ? 'info' : 'debug', 'stepDone', {
        ...{ runId, step: result.step, outcome, digest: result.memoKey },
      });
    },
    beat: () => {
      const context = Context.current();
      if (beats.has(context)) beats.set(context, Date.now());
    },
    interceptor: (context) => ({
      inbound: {
        execute: async (input, next) => {
          const attempt = begin(context, metrics);
          beats.set(context, attempt.startedAtMs);
          try {
            const value = await next(input);
            end(context, attempt, 'done');
            return value;
          } catch (error) {
            end(
              context,
              attempt,
              error instanceof CancelledFailure ? 'cancelled' : 'failed',
              error,
            );
            throw error;
          } finally {
            beats.delete(context);
          }
        },
      },
    }),
  };
}
