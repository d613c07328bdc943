import { SpanStatusCode } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { expect, it } from 'vitest';
import { filterSpan } from './span-filter.js';

const RECORD = 'Maria Vogel';
const DIGEST = `sha256:${'a'.repeat(64)}`;

/** One span as an exporter gets it, with a record's text wherever one can be put. */
function plantedSpan(name: string) {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const span = provider.getTracer('test').startSpan(name);
  span.setAttributes({ digest: DIGEST, note: RECORD, temporalWorkflowId: RECORD, run_id: RECORD });
  span.addEvent(RECORD, { text: RECORD });
  span.recordException(new Error(RECORD));
  span.setStatus({ code: SpanStatusCode.ERROR, message: RECORD });
  span.end();
  const [finished] = exporter.getFinishedSpans();
  if (finished === undefined) throw new Error('no span ended');
  return finished;
}

const told = ({ name, attributes, events, links, status }: ReturnType<typeof filterSpan>): string =>
  JSON.stringify({ name, attributes, events, links, status });

it.each(['RunActivity:custos.train.v1', 'custos.store.put', RECORD])(
  'lets no text of a record out in a span named %s',
  (name) => {
    const span = plantedSpan(name);
    expect(told(span)).toContain(RECORD);
    expect(told(filterSpan(span))).not.toContain(RECORD);
  },
);

it('keeps name, digest, times, ids and that it failed', () => {
  const span = plantedSpan('custos.store.put');
  expect(filterSpan(span)).toMatchObject({
    name: 'custos.store.put',
    attributes: { digest: DIGEST },
    status: { code: SpanStatusCode.ERROR },
    startTime: span.startTime,
    duration: span.duration,
  });
  expect(filterSpan(span).spanContext().traceId).toBe(span.spanContext().traceId);
});
