import type { Attributes, Tracer } from '@opentelemetry/api';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryActivityOutboundInterceptor,
} from '@temporalio/interceptors-opentelemetry';
import type { ActivityInterceptorsFactory, WorkerOptions } from '@temporalio/worker';
import { asyncContextManager } from './context-manager.js';
import { filterSpan } from './span-filter.js';

export interface Tracing {
  readonly activity: ActivityInterceptorsFactory;
  readonly sinks: NonNullable<WorkerOptions['sinks']>;
  /** Runs `work` in a span under the active one. */
  span<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T>;
  /** Sends what is left, within the exporter's own time limit. */
  close(): Promise<void>;
}

function filtering(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => {
      exporter.export(spans.map(filterSpan), done);
    },
    shutdown: () => exporter.shutdown(),
  };
}

async function inSpan<T>(
  tracer: Tracer,
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Spans to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names, filtered on their way out. */
export function openTracing(): Tracing {
  const resource = new Resource({ 'service.name': 'custos-worker' });
  const processor = new BatchSpanProcessor(filtering(new OTLPTraceExporter()));
  const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
  provider.register({ contextManager: asyncContextManager() });
  const tracer = provider.getTracer('custos');
  return {
    activity: (context) => ({
      inbound: new OpenTelemetryActivityInboundInterceptor(context, { tracer }),
      outbound: new OpenTelemetryActivityOutboundInterceptor(context),
    }),
    sinks: { exporter: makeWorkflowExporter(processor, resource) },
    span: (name, attributes, work) => inSpan(tracer, name, attributes, work),
    close: async () => {
      // A collector that is gone must not hold up the worker's end.
      await provider.shutdown().catch(() => undefined);
      trace.disable();
    },
  };
}
