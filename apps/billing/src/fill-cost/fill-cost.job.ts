import type { Database, Transaction } from '@emp/database';
import { ChargeCostKnownV1, newEvent, type EmpEvent } from '@emp/events';
import type { Clock } from '@emp/kernel';
import type { Outbox } from '@emp/messaging';
import { CLOCK, DATABASE, Job, LOG, METER, OUTBOX, type Log, type ServiceParts } from '@emp/service-kit';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { sessionOf } from '../domain/accepted-record.ts';
import { costOf } from '../domain/rate-charge.ts';
import { readFactsInPeace } from '../rate-cdr/billing-facts-lock.ts';
import { RATE_WAITING_EVERY_S } from '../rate-cdr/rate-waiting.job.ts';
import { readRatingFacts } from '../rate-cdr/rating-facts.store.ts';
import { chargesWithNewPrices, storeCosts, type FoundCost } from './cost.store.ts';

const AT_ONCE = 500;

export interface Filled {
  readonly tried: number;
  readonly filled: number;
}

/**
 * A price that comes after a session was rated gives its charge the cost, once: asked for by whoever records prices,
 * and from time to time, for what a dead process left undone.
 */
@Injectable()
export class FillCostJob implements OnModuleDestroy {
  readonly #job: Job<Filled>;
  #stopped = false;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(OUTBOX) private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) log: Log,
    @Inject(METER) meter: ServiceParts['meter'],
    @Inject(RATE_WAITING_EVERY_S) everySeconds: number,
  ) {
    const everyMs = everySeconds * 1000;
    this.#job = new Job({
      name: 'billing.fill-cost', everyMs, firstAfterMs: 1000, database, log, meter,
      work: (signal) => this.fillAll(signal),
    });
  }

  /** A run that is under way may have begun before the new price, so it is waited for. */
  async runNow(): Promise<void> {
    if (this.#job.running) await this.#job.runNow();
    if (!this.#stopped) await this.#job.runNow();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    await this.#job.stop();
  }

  private async fillAll(signal: AbortSignal): Promise<Filled> {
    const total = { tried: 0, filled: 0 };
    while (!signal.aborted) {
      const { tried, filled } = await this.database.transaction((tx) => this.fill(tx));
      total.tried += tried;
      total.filled += filled;
      if (tried < AT_ONCE) break;
    }
    return total;
  }

  private async fill(tx: Transaction): Promise<Filled> {
    await readFactsInPeace(tx);
    const charges = await chargesWithNewPrices(tx, AT_ONCE);
    if (charges.length === 0) return { tried: 0, filled: 0 };
    const factsOf = await readRatingFacts(tx, charges.map(({ record }) => record));
    const found = charges.flatMap((charge): readonly FoundCost[] => {
      const session = sessionOf(charge.record);
      return session.ok ? [{ ...charge, cost: costOf(charge.record, session.value, factsOf(charge.record)).cost }] : [];
    });
    await storeCosts(tx, found);
    const now = this.clock.now();
    const events = found.flatMap((charge) => costKnown(charge, now));
    await this.outbox.append(tx, ...events);
    return { tried: charges.length, filled: events.length };
  }
}

function costKnown({ chargeId, record, cost }: FoundCost, time: Date): readonly EmpEvent[] {
  if ('unknown' in cost) return [];
  const { currency, net } = cost;
  return [newEvent(ChargeCostKnownV1, {
    chargeId, sessionId: record.sessionId, cost: { currency: currency.code, net: net.toString() },
  }, { time })];
}
