import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds: from a memo hit to a night of training. */
const STEP_BUCKETS = [0.01, 0.05, 0.25, 1, 5, 30, 120, 600, 3600, 6 * 3600, 24 * 3600];
/** Seconds: from a local file to a store that struggles. */
const CALL_BUCKETS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60];

export interface Metrics {
  readonly registry: Registry;
  readonly steps: Counter<'step' | 'outcome' | 'code'>;
  readonly stepSeconds: Histogram<'step' | 'outcome'>;
  readonly retries: Counter<'step'>;
  readonly queueSeconds: Histogram<'queue'>;
  readonly records: Counter<'step' | 'direction'>;
  readonly bytes: Counter<'step' | 'direction'>;
  readonly storeSeconds: Histogram<'operation' | 'outcome'>;
  readonly ledgerSeconds: Histogram<'operation' | 'outcome'>;
}

function ageGauge(shared: { readonly registers: Registry[] }, oldestBeatMs: () => number): void {
  // Registers itself; read when the endpoint is.
  new Gauge({
    ...shared,
    name: 'custos_heartbeat_age_seconds',
    help: 'Age of the oldest last sign of life of the running activities; 0 when none runs.',
    collect() {
      this.set(oldestBeatMs() / 1000);
    },
  });
}

/**
 * The worker's own metrics. Their labels take values of fixed sets only (step names, outcomes, error
 * codes, operations); ids of runs, records and artifacts are in logs and traces.
 * @param oldestBeatMs age of the oldest last heartbeat of the running activities, milliseconds
 */
export function createMetrics(oldestBeatMs: () => number): Metrics {
  const registry = new Registry();
  const shared = { registers: [registry] };
  ageGauge(shared, oldestBeatMs);
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ ...shared, name, help, labelNames });
  const histogram = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    buckets: number[],
  ) => new Histogram({ ...shared, name, help, labelNames, buckets });
  return {
    registry,
    steps: counter('custos_steps_total', 'Steps by name and what came of them.', [
      'step',
      'outcome',
      'code',
    ]),
    stepSeconds: histogram(
      'custos_step_duration_seconds',
      'Time of an attempt of a step.',
      ['step', 'outcome'],
      STEP_BUCKETS,
    ),
    retries: counter('custos_step_retries_total', 'Attempts after the first.', ['step']),
    queueSeconds: histogram(
      'custos_queue_seconds',
      'Time between the scheduling of an attempt and its start.',
      ['queue'],
      STEP_BUCKETS,
    ),
    records: counter('custos_records_total', 'Records that computed steps read and wrote.', [
      'step',
      'direction',
    ]),
    bytes: counter('custos_bytes_total', 'Bytes of the artifacts of computed steps.', [
      'step',
      'direction',
    ]),
    storeSeconds: histogram(
      'custos_store_seconds',
      'Time of an operation on artifacts.',
      ['operation', 'outcome'],
      CALL_BUCKETS,
    ),
    ledgerSeconds: histogram(
      'custos_ledger_seconds',
      'Time of an operation on the ledger.',
      ['operation', 'outcome'],
      CALL_BUCKETS,
    ),
  };
}
