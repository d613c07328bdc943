import type { Histogram } from 'prom-client';
import type { Tracing } from './tracing.js';

type Call = (...args: readonly unknown[]) => Promise<unknown>;

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The digest that a call is about: of the reference that it is given, or that it returns. */
function digestOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('digest' in value)) return undefined;
  const { digest } = value;
  return typeof digest === 'string' && DIGEST.test(digest) ? digest : undefined;
}

export interface Gauges {
  readonly room: 'store' | 'ledger';
  readonly seconds: Histogram<'operation' | 'outcome'>;
  readonly tracing: Pick<Tracing, 'span'> | undefined;
}

async function timed({ seconds }: Gauges, operation: string, work: () => Promise<unknown>) {
  const end = seconds.startTimer({ operation });
  try {
    const value = await work();
    end({ outcome: 'done' });
    return value;
  } catch (error) {
    end({ outcome: 'failed' });
    throw error;
  }
}

/** The same object with the named methods timed and, where traces are on, in a span each. */
export function measured<T extends object>(
  target: T,
  operations: readonly (keyof T & string)[],
  gauges: Gauges,
): T {
  const calls = operations.map((operation) => {
    const call = (target[operation] as Call).bind(target);
    const measure: Call = (...args) => {
      const work = () => timed(gauges, operation, () => call(...args));
      const digest = digestOf(args[0]);
      const attributes = digest === undefined ? {} : { digest };
      const name = `custos.${gauges.room}.${operation}`;
      return gauges.tracing === undefined ? work() : gauges.tracing.span(name, attributes, work);
    };
    return [operation, measure] as const;
  });
  return { ...target, ...Object.fromEntries(calls) };
}
