import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { pickFields } from './log-fields.js';

/** Names of spans: ours, and Temporal's with the activity, workflow or message after a colon. */
const NAME = /^(custos\.[a-z]+\.[a-zA-Z]+|[A-Z][A-Za-z]+:[A-Za-z][\w.-]{0,80})$/;

const RENAMED: Readonly<Record<string, string>> = {
  run_id: 'executionId',
  temporalWorkflowId: 'workflowId',
};

function allowed(attributes: Attributes): Attributes {
  // Temporal's own names where a trace is looked up by them, ours otherwise; values as in the log.
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => {
      const [kept] = Object.values(pickFields({ [RENAMED[name] ?? name]: value }));
      return kept === undefined ? [] : [[name, kept]];
    }),
  );
}

/** A span with listed attributes only: no events, no words of an error, no other attribute. */
export function filterSpan(span: ReadableSpan): ReadableSpan {
  return {
    name: NAME.test(span.name) ? span.name : 'unlisted',
    kind: span.kind,
    spanContext: () => {
      const { traceId, spanId, traceFlags } = span.spanContext();
      return { traceId, spanId, traceFlags };
    },
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    startTime: span.startTime,
    endTime: span.endTime,
    duration: span.duration,
    ended: span.ended,
    status: { code: span.status.code },
    attributes: allowed(span.attributes),
    links: [],
    events: [],
    resource: span.resource,
    instrumentationLibrary: span.instrumentationLibrary,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}
