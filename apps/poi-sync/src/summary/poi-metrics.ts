import type { Clock } from '@emp/kernel';
import { CLOCK, METER } from '@emp/service-kit';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Histogram, Meter } from '@opentelemetry/api';
import { PullRunStore } from '../pulls/pull-run.store.ts';
import type { PullRun } from '../pulls/pull-run.ts';
import { SummaryStore, type NetworkFigures } from './summary.store.ts';

/** EVSEs, findings and the age of the status, as of the last pull of this replica or its start; durations of pulls. */
@Injectable()
export class PoiMetrics implements OnApplicationBootstrap {
  readonly #durations: Histogram;
  #network: NetworkFigures | null = null;
  #findings: Readonly<Record<string, number>> = {};
  #statusAt: Date | null = null;

  constructor(
    @Inject(METER) meter: Meter,
    @Inject(CLOCK) clock: Clock,
    private readonly summary: SummaryStore,
    private readonly runs: PullRunStore,
  ) {
    this.#durations = meter.createHistogram(
      'poi_pull_duration', { unit: 'ms', description: 'how long pulls took, by kind and outcome' }
    );
    meter.createObservableGauge('poi_evses', { description: 'EVSEs listed, by country' }).addCallback((result) => {
      for (const [country, count] of Object.entries(this.#network?.byCountry ?? {})) result.observe(count, { country });
    });
    meter.createObservableGauge(
      'poi_findings', { description: 'records that have a finding, by code, in the last complete pull' }
    )
      .addCallback((result) => {
        for (const [code, count] of Object.entries(this.#findings)) result.observe(count, { code });
      });
    meter.createObservableGauge(
      'poi_status_age', { unit: 's', description: 'since the last complete pull of the status began' }
    )
      .addCallback((result) => {
        if (this.#statusAt) result.observe((clock.now().getTime() - this.#statusAt.getTime()) / 1000);
      });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.#refresh();
  }

  /** Takes over what a pull changed. */
  async pullEnded(run: PullRun): Promise<void> {
    if (run.endedAt) {
      this.#durations.record(run.endedAt.getTime() - run.startedAt.getTime(), { kind: run.kind, state: run.state });
    }
    await this.#refresh();
  }

  async #refresh(): Promise<void> {
    const [network, data, status] = await Promise.all([
      this.summary.network(), this.runs.lastComplete('evse-data'), this.runs.lastComplete('evse-status'),
    ]);
    this.#network = network;
    this.#findings = data?.findings ?? {};
    this.#statusAt = status?.startedAt ?? null;
  }
}
