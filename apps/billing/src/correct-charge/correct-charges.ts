import type { Transaction } from '@emp/database';
import { ChargeReversedV1, newEvent, type EmpEvent } from '@emp/events';
import { newId, type Clock } from '@emp/kernel';
import type { Outbox } from '@emp/messaging';
import { CLOCK, LOG, OUTBOX, type Log } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { latestCorrections, type Correction } from '../domain/correction.ts';
import { ChargeDesk } from '../rate-cdr/charge-desk.ts';
import { RatingMetrics } from '../rate-cdr/rating.metrics.ts';
import { creditLines } from './draft-credit.store.ts';
import {
  insertReversals, lastReversedCharges, noteCorrections, retireCharges, type RetiredCharge,
} from './correction.store.ts';

/**
 * Follows records that were corrected or withdrawn after they were charged. Nothing is overwritten: a reversal takes
 * the old charge back to the cent, and a new charge takes its place.
 */
@Injectable()
export class CorrectCharges {
  constructor(
    @Inject(ChargeDesk) private readonly desk: ChargeDesk,
    @Inject(OUTBOX) private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(RatingMetrics) private readonly metrics: RatingMetrics,
  ) {}

  /** Old news changes nothing. The caller has locked the facts (`changeFacts`): nobody rates them meanwhile. */
  async follow(tx: Transaction, corrections: readonly Correction[]): Promise<void> {
    const now = this.clock.now();
    const news = await noteCorrections(tx, latestCorrections(corrections).latest, now);
    const retired = await retireCharges(tx, news, newId);
    const credits = await creditLines(tx, retired.map(({ chargeId }) => chargeId), now);
    await insertReversals(tx, retired, credits, now);
    await this.outbox.append(tx, ...retired.flatMap((charge) => reversedEvent(charge, credits, now)));
    const replaced = await lastReversedCharges(tx, news.map(({ sessionId }) => sessionId));
    const charged = await this.desk.charge(tx, news.flatMap(({ sessionId, number, record }) =>
      (record ? [{ chargeId: newId(), record, correction: number, replaces: replaced.get(sessionId) ?? null }] : [])));
    tx.afterCommit(() => {
      this.metrics.corrected(news, corrections.length - news.length);
      this.metrics.record(charged, 0);
      const reversed = retired.filter(({ reversal }) => reversal !== null).length;
      const oldNews = corrections.length - news.length;
      this.log.info({ corrections: news.length, oldNews, reversed, charged: charged.length }, 'corrections followed');
    });
  }
}

function reversedEvent(charge: RetiredCharge, credits: ReadonlyMap<string, string>, time: Date): readonly EmpEvent[] {
  const { reversal, chargeId, sessionId, contractRef, correction, reason } = charge;
  if (!reversal) return [];
  const { reversalId, currency, net, vat, gross, costCurrency, costNet } = reversal;
  return [newEvent(ChargeReversedV1, {
    reversalId, chargeId, sessionId, contractRef, currency, net, vat, gross, correction, reason,
    cost: costCurrency === null || costNet === null ? null : { currency: costCurrency, net: costNet },
    creditDraftId: credits.get(chargeId) ?? null, reversedAt: time.toISOString(),
  }, { time })];
}
