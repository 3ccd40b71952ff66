import type { Database } from '@emp/database';
import { DATABASE, Job, LOG, METER, type Log, type ServiceParts } from '@emp/service-kit';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ChargeDesk } from './charge-desk.ts';

/** Seconds between two runs. */
export const RATE_WAITING_EVERY_S = Symbol('RATE_WAITING_EVERY_S');

/**
 * Looks at all waiting charges from time to time, and at once after a tariff plan changed: for facts that come without
 * an event (a plan, a VAT rate by migration) and for more charges than a handler should rate in its transaction.
 */
@Injectable()
export class RateWaitingJob implements OnModuleDestroy {
  readonly #job: Job<{ tried: number; rated: number }>;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(ChargeDesk) private readonly desk: ChargeDesk,
    @Inject(LOG) log: Log,
    @Inject(METER) meter: ServiceParts['meter'],
    @Inject(RATE_WAITING_EVERY_S) everySeconds: number,
  ) {
    const everyMs = everySeconds * 1000;
    this.#job = new Job({
      name: 'billing.rate-waiting', everyMs, firstAfterMs: 1000, database, log, meter, work: (signal) => this.rateAll(signal),
    });
  }

  /** Rates what waits, now; a run that is under way may have begun before the new fact, so it is waited for. */
  async runNow(): Promise<void> {
    if (this.#job.running) await this.#job.runNow();
    await this.#job.runNow();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#job.stop();
  }

  private async rateAll(signal: AbortSignal): Promise<{ tried: number; rated: number }> {
    const total = { tried: 0, rated: 0 };
    for (let after = ''; !signal.aborted;) {
      const { tried, rated, last } = await this.database.transaction((tx) => this.desk.retry(tx, { after }));
      if (tried === 0) break;
      total.tried += tried;
      total.rated += rated;
      after = last;
    }
    return total;
  }
}
