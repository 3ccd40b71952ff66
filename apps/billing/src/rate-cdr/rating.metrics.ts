import type { Database } from '@emp/database';
import { DATABASE, METER, type ServiceParts } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { Correction } from '../domain/correction.ts';
import type { Rating } from './charge.store.ts';

/** What the rating of charges shows to the watchers. */
@Injectable()
export class RatingMetrics {
  readonly #charges;
  readonly #ratedNet;
  readonly #corrections;

  constructor(@Inject(METER) meter: ServiceParts['meter'], @Inject(DATABASE) database: Database) {
    this.#charges = meter.createCounter('billing_charges', { description: 'records by what became of them: rated, waiting, repeated' });
    this.#ratedNet = meter.createCounter('billing_rated_net', { description: 'net amount of rated charges, by currency' });
    this.#corrections = meter.createCounter('billing_corrections', {
      description: 'corrections of records by what they did to the charge: corrected, withdrawn, old-news',
    });
    const waiting = meter.createObservableGauge('billing_charges_waiting', { description: 'charges that wait now, by reason' });
    waiting.addCallback(async (result) => {
      const rows = await database.query<{ reason: string; count: number }>(
        `SELECT waiting_reason AS reason, count(*)::int AS count FROM charge WHERE state = 'waiting' GROUP BY 1`);
      for (const { reason, count } of rows) result.observe(count, { reason });
    });
  }

  corrected(news: readonly Correction[], oldNews: number): void {
    if (oldNews > 0) this.#corrections.add(oldNews, { outcome: 'old-news' });
    for (const { record } of news) this.#corrections.add(1, { outcome: record ? 'corrected' : 'withdrawn' });
  }

  record(ratings: readonly Rating[], repeated: number): void {
    if (repeated > 0) this.#charges.add(repeated, { outcome: 'repeated', reason: '' });
    for (const { charge } of ratings) {
      this.#charges.add(1, { outcome: charge.state, reason: charge.state === 'waiting' ? charge.reason : '' });
      // A gauge for watchers may be a binary fraction; the books are in the database.
      if (charge.state === 'rated') this.#ratedNet.add(Number(charge.price.net.toString()), { currency: charge.price.currency.code });
    }
  }
}
