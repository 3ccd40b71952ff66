import type { Transaction } from '@emp/database';
import { ChargeCorrectedV1, ChargeRatedV1, newEvent, type ChargeRatedData, type EmpEvent } from '@emp/events';
import { newId, type Clock } from '@emp/kernel';
import type { Outbox } from '@emp/messaging';
import { CLOCK, LOG, OUTBOX, type Log } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { AcceptedRecord } from '../domain/accepted-record.ts';
import { rateCharge } from '../domain/rate-charge.ts';
import { readFactsInPeace } from './billing-facts-lock.ts';
import {
  chargedSessions, insertCharges, updateCharges, waitingCharges, type Rating, type UnratedCharge, type WaitingFor,
} from './charge.store.ts';
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
    const stored = await this.charge(tx, fresh.map((record) => ({ chargeId: newId(), record, correction: 0, replaces: null })));
    this.tell(tx, stored, records.length - stored.length);
  }

  /** Charges sessions that have none that counts; the facts must be locked. Those that got one meanwhile keep it. */
  async charge(tx: Transaction, charges: readonly UnratedCharge[]): Promise<readonly Rating[]> {
    if (charges.length === 0) return [];
    const ratings = await this.rate(tx, charges);
    const inserted = await insertCharges(tx, ratings, this.clock.now());
    const stored = ratings.filter((rating) => inserted.has(rating.chargeId));
    await this.settle(tx, stored);
    return stored;
  }

  /** Tries again what waits. Returns how many charges were tried and rated, and the id of the last. */
  async retry(tx: Transaction, waitingFor: WaitingFor, limit = 500): Promise<{ tried: number; rated: number; last: string }> {
    await readFactsInPeace(tx);
    const waiting = await waitingCharges(tx, waitingFor, limit);
    if (waiting.length === 0) return { tried: 0, rated: 0, last: '' };
    const ratings = await this.rate(tx, waiting);
    await updateCharges(tx, ratings, this.clock.now());
    const rated = ratings.filter((rating) => rating.charge.state === 'rated');
    await this.settle(tx, rated);
    this.tell(tx, rated, 0);
    return { tried: ratings.length, rated: rated.length, last: waiting.at(-1)?.chargeId ?? '' };
  }

  private async rate(tx: Transaction, charges: readonly UnratedCharge[]): Promise<readonly Rating[]> {
    if (charges.length === 0) return [];
    const factsOf = await readRatingFacts(tx, charges.map(({ record }) => record));
    return charges.map((charge) => ({ ...charge, charge: rateCharge(charge.record, factsOf(charge.record)) }));
  }

  private async settle(tx: Transaction, ratings: readonly Rating[]): Promise<void> {
    const rated = ratings.filter((rating): rating is RatedEntry => rating.charge.state === 'rated');
    if (rated.length === 0) return;
    const now = this.clock.now();
    const drafts = await draftLines(tx, rated, now);
    await this.outbox.append(tx, ...rated.map((entry) => announcementOf(entry, drafts.get(entry.chargeId) ?? '', now)));
  }

  private tell(tx: Transaction, ratings: readonly Rating[], repeated: number): void {
    tx.afterCommit(() => {
      this.metrics.record(ratings, repeated);
      const waiting = ratings.filter(({ charge }) => charge.state === 'waiting').length;
      this.log.info({ rated: ratings.length - waiting, waiting, repeated }, 'charges settled');
      for (const { record, charge } of ratings) {
        if (charge.state === 'waiting') this.log.warn({ sessionId: record.sessionId, reason: charge.reason }, 'charge waits');
      }
    });
  }
}

/** The first charge of a session is rated; one in the place of another is corrected. */
function announcementOf(entry: RatedEntry, invoiceDraftId: string, time: Date): EmpEvent {
  const { correction, replaces } = entry;
  const data = ratedData(entry, invoiceDraftId);
  if (replaces === null) return newEvent(ChargeRatedV1, data, { time });
  return newEvent(ChargeCorrectedV1, { ...data, correction, replacesChargeId: replaces }, { time });
}

function ratedData({ chargeId, record, charge }: RatedEntry, invoiceDraftId: string): ChargeRatedData {
  const { price, cost } = charge;
  return {
    chargeId, sessionId: record.sessionId, contractRef: record.contractRef, invoiceDraftId, tariffPlanId: charge.planId,
    tariffVersion: charge.planVersion, energyKwh: charge.session.energyKwh.toString(), currency: price.currency.code,
    net: price.net.toString(), vat: charge.vat.toString(), gross: charge.gross.toString(),
    vatRatePercent: charge.vatRatePercent.toString(), taxCountry: charge.taxCountry,
    cost: 'unknown' in cost ? null : { currency: cost.currency.code, net: cost.net.toString() },
  };
}
