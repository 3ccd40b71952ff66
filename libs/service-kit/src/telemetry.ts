/**
 * Tracing, loaded before everything else: `node --import @emp/service-kit/telemetry dist/main.js`.
 * Does nothing unless `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector. PostgreSQL and Kafka are instrumented here;
 * HTTP is observed by `observeHttp`, use cases by their own spans.
 */
import { register } from 'node:module';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { detectResources } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

if (process.env['OTEL_EXPORTER_OTLP_ENDPOINT']) {
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.namespace': 'emp' }).merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  registerInstrumentations({ instrumentations: [new PgInstrumentation({ requireParentSpan: true }), new KafkaJsInstrumentation()] });
  process.once('beforeExit', () => void provider.shutdown());
}
