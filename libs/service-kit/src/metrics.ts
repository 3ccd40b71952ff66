import type { Meter } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

/** The metrics of one service, apart from those of others in the same process. */
export interface Metrics {
  readonly meter: Meter;
  /**
   * The exposition text that Prometheus scrapes, within about a second: figures that ask a frozen database are missing
   * then, which `emp_scrape_missing` counts; the others are there, as they are needed most at such a time.
   */
  scrape(): Promise<string>;
  close(): Promise<void>;
}

const PATIENCE_MS = 1_000;

export function openMetrics(service: string): Metrics {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const serializer = new PrometheusSerializer('emp');
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    readers: [exporter],
  });
  return {
    meter: provider.getMeter(service),
    scrape: async () => {
      const { resourceMetrics, errors } = await exporter.collect({ timeoutMillis: PATIENCE_MS });
      return `${serializer.serialize(resourceMetrics)}# TYPE emp_scrape_missing gauge\nemp_scrape_missing ${errors.length}\n`;
    },
    close: () => provider.shutdown(),
  };
}
