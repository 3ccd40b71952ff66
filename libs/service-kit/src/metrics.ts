import type { Meter } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

/** The metrics of one service, apart from those of others in the same process. */
export interface Metrics {
  readonly meter: Meter;
  /** The exposition text that Prometheus scrapes. */
  scrape(): Promise<string>;
  close(): Promise<void>;
}

export function openMetrics(service: string): Metrics {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const serializer = new PrometheusSerializer('emp');
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    readers: [exporter],
  });
  return {
    meter: provider.getMeter(service),
    scrape: async () => serializer.serialize((await exporter.collect()).resourceMetrics),
    close: () => provider.shutdown(),
  };
}
