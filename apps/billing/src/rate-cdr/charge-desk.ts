import type { Transaction } from '@emp/database';
import { ChargeRatedV1, newEvent, type EmpEvent } from '@emp/events';
import { newId, type Clock } from '@emp/kernel';
import type { Outbox } from '@emp/messaging';
import { CLOCK, LOG, OUTBOX, type Log } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { AcceptedRecord } from '../domain/accepted-record.ts';
import { rateCharge } from '../domain/rate-charge.ts';
import { readFactsInPeace } from './billing-facts-lock.ts';
import { chargedSessions, insertCharges, updateCharges, waitingCharges, type Rating, type WaitingFor } from './charge.store.ts';
import { draftLines, type RatedEntry } from './draft.store.ts';
import { readRatingFacts } from './rating-facts.store.ts';
import { RatingMetrics } from './rating.metrics.ts';

/** Makes charges of accepted records: rated with a line in a draft and an event, or waiting with a reason. */
@Injectable()
export class ChargeDesk {
  constructor(
    @Inject(OUTBOX) private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(RatingMetrics) private readonly metrics: RatingMetrics,
  ) {}

  /** One charge per session, whatever repeats: the first record of a session counts. */
  async take(tx: Transaction, records: readonly AcceptedRecord[]): Promise<void> {
    await readFactsInPeace(tx);
    const firstOfSession = [...new Map([...records].reverse().map((record) => [record.sessionId, record])).values()];
    const charged = await chargedSessions(tx, firstOfSession.map((record) => record.sessionId));
    const fresh = firstOfSession.filter((record) => !charged.has(record.sessionId));
    const ratings = await this.rate(tx, fresh.map((record) => ({ chargeId: newId(), record })));
    const inserted = ratings.length === 0 ? new Set() : await insertCharges(tx, ratings, this.clock.now());
    const stored = ratings.filter((rating) => inserted.has(rating.chargeId));
    await this.settle(tx, stored, records.length - stored.length);
  }

  /** Tries again what waits. Returns how many charges were tried and rated, and the id of the last. */
  async retry(tx: Transaction, waitingFor: WaitingFor, limit = 500): Promise<{ tried: number; rated: number; last: string }> {
    await readFactsInPeace(tx);
    const waiting = await waitingCharges(tx, waitingFor, limit);
    if (waiting.length === 0) return { tried: 0, rated: 0, last: '' };
    const ratings = await this.rate(tx, waiting);
    await updateCharges(tx, ratings, this.clock.now());
    const rated = ratings.filter((rating) => rating.charge.state === 'rated');
    await this.settle(tx, rated, 0);
    return { tried: ratings.length, rated: rated.length, last: waiting.at(-1)?.chargeId ?? '' };
  }

  private async rate(tx: Transaction, charges: readonly Omit<Rating, 'charge'>[]): Promise<readonly Rating[]> {
    if (charges.length === 0) return [];
    const factsOf = await readRatingFacts(tx, charges.map(({ record }) => record));
    return charges.map(({ chargeId, record }) => ({ chargeId, record, charge: rateCharge(record, factsOf(record)) }));
  }

  private async settle(tx: Transaction, ratings: readonly Rating[], repeated: number): Promise<void> {
    const rated = ratings.filter((rating): rating is RatedEntry => rating.charge.state === 'rated');
    if (rated.length > 0) {
      const now = this.clock.now();
      const drafts = await draftLines(tx, rated, now);
      await this.outbox.append(tx, ...rated.map((entry) => chargeRated(entry, drafts.get(entry.chargeId) ?? '', now)));
    }
    tx.afterCommit(() => {
      this.metrics.record(ratings, repeated);
      this.log.info({ rated: rated.length, waiting: ratings.length - rated.length, repeated }, 'charges settled');
      for (const { record, charge } of ratings) {
        if (charge.state === 'waiting') this.log.warn({ sessionId: record.sessionId, reason: charge.reason }, 'charge waits');
      }
    });
  }
}

function chargeRated({ chargeId, record, charge }: RatedEntry, invoiceDraftId: string, time: Date): EmpEvent {
  const { price, cost } = charge;
  return newEvent(ChargeRatedV1, {
    chargeId, sessionId: record.sessionId, contractRef: record.contractRef, invoiceDraftId, tariffPlanId: charge.planId,
    tariffVersion: charge.planVersion, energyKwh: charge.session.energyKwh.toString(), currency: price.currency.code,
    net: price.net.toString(), vat: charge.vat.toString(), gross: charge.gross.toString(),
    vatRatePercent: charge.vatRatePercent.toString(), taxCountry: charge.taxCountry,
    cost: 'unknown' in cost ? null : { currency: cost.currency.code, net: cost.net.toString() },
  }, { time });
}
