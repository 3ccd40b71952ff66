import type { Database } from '@emp/database';
import type { Clock } from '@emp/kernel';
import { CLOCK, DATABASE, LOG, METER, type Log } from '@emp/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import type { PoiSyncConfig } from '../config.ts';
import { PullEvseDataHandler } from '../pull-evse-data/pull-evse-data.handler.ts';
import { PullEvseStatusHandler } from '../pull-evse-status/pull-evse-status.handler.ts';
import { PullPricingHandler } from '../pull-pricing/pull-pricing.handler.ts';
import { PoiMetrics } from '../summary/poi-metrics.ts';
import { CONFIG, HBS, type Hbs } from '../tokens.ts';
import type { PullKind } from './pull-run.ts';
import { PullRunStore } from './pull-run.store.ts';
import { ScheduledPull, type PullDefinition, type PullParts } from './scheduled-pull.ts';

/** The three pulls, started and stopped with the service. */
@Injectable()
export class Pulls implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #pulls = new Map<PullKind, ScheduledPull>();
  readonly #parts: PullParts;

  constructor(
    @Inject(CONFIG) private readonly config: PoiSyncConfig,
    @Inject(DATABASE) database: Database,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOG) log: Log,
    @Inject(METER) meter: Meter,
    @Inject(HBS) private readonly hbs: Hbs,
    private readonly runs: PullRunStore,
    private readonly metrics: PoiMetrics,
    private readonly evseData: PullEvseDataHandler,
    private readonly evseStatus: PullEvseStatusHandler,
    private readonly pricing: PullPricingHandler,
  ) {
    this.#parts = { database, clock, log, meter, runs };
  }

  onApplicationBootstrap(): void {
    const { EVSE_DATA_EVERY_SECONDS, EVSE_STATUS_EVERY_SECONDS, PRICING_EVERY_SECONDS } = this.config;
    const ended = this.metrics.pullEnded.bind(this.metrics);
    // Prices are asked for by operator: before the first whole network they would be those of a part of it.
    const networkKnown = async (): Promise<boolean> => (await this.runs.lastComplete('evse-data')) !== null;
    this.#schedule({
      kind: 'evse-data', everySeconds: EVSE_DATA_EVERY_SECONDS, work: (run) => this.evseData.pull(run), ended,
    });
    this.#schedule({
      kind: 'evse-status', everySeconds: EVSE_STATUS_EVERY_SECONDS, work: (run) => this.evseStatus.pull(run), ended,
    });
    this.#schedule({
      kind: 'pricing', everySeconds: PRICING_EVERY_SECONDS, work: (run) => this.pricing.pull(run), ended,
      ready: networkKnown,
    });
  }

  of(kind: PullKind): ScheduledPull {
    const pull = this.#pulls.get(kind);
    if (!pull) throw new Error(`pulls are not started yet: ${kind}`);
    return pull;
  }

  /** What is in flight ends: HBS is asked nothing more, a pull stops after its page. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...[...this.#pulls.values()].map((pull) => pull.stop()), this.hbs.close()]);
  }

  #schedule(definition: PullDefinition): void {
    this.#pulls.set(definition.kind, new ScheduledPull(definition, this.#parts));
  }
}
