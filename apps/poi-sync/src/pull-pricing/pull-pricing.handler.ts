import { createHash } from 'node:crypto';
import type { Database } from '@emp/database';
import { PriceListedV1, newEvent } from '@emp/events';
import { EmpError, type Clock } from '@emp/kernel';
import type { Outbox } from '@emp/messaging';
import { parseOperatorId, type OicpMessages } from '@emp/oicp';
import { CLOCK, DATABASE, OUTBOX } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ourIds, pullsAs, type PoiSyncConfig } from '../config.ts';
import { readPriceList, type ListedPrice } from '../domain/operator-price.ts';
import { storable } from '../pull-evse-data/storable.ts';
import { PullRunStore } from '../pulls/pull-run.store.ts';
import type { RunningPull } from '../pulls/scheduled-pull.ts';
import { CONFIG, HBS, type Hbs } from '../tokens.ts';
import { OperatorPriceStore, type RecordedPrice } from './operator-price.store.ts';

/**
 * Pulls what the operators of the network charge us (OICP §7.9), some operators per request, each answer one
 * transaction. Prices carry no date: a change is valid from the moment we learn of it. A price that is not listed any
 * more cannot be told from one that never was part of our contract; it stays.
 */
@Injectable()
export class PullPricingHandler {
  constructor(
    @Inject(HBS) private readonly hbs: Hbs,
    @Inject(CONFIG) private readonly config: PoiSyncConfig,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(OUTBOX) private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly store: OperatorPriceStore,
    private readonly runs: PullRunStore,
  ) {}

  /** @throws EmpError `hbs-…` when HBS fails; what was recorded until then stays. */
  async pull(run: RunningPull): Promise<void> {
    const limit = this.config.OPERATORS_PER_REQUEST;
    let operators = await this.store.operators(this.database, { after: '', limit });
    while (operators.length > 0) {
      run.signal.throwIfAborted();
      await this.#pullChunk(run, this.#askable(run, operators.map(({ operatorId }) => operatorId)));
      operators = await this.store.operators(this.database, { after: operators.at(-1)?.operatorKey ?? '', limit });
    }
  }

  /** What we send is conformant: operators whose id is none (`CH*FASTNED`) cannot be asked for. */
  #askable({ report }: RunningPull, operatorIds: readonly string[]): string[] {
    const askable = operatorIds.filter((id) => parseOperatorId(id).ok);
    const others = operatorIds.filter((id) => !askable.includes(id));
    for (const id of others) report.note(`not asked for, its id is malformed: operator ${id}`);
    report.count('operators', askable.length);
    report.count('operatorsNotAsked', others.length);
    return askable;
  }

  async #pullChunk(run: RunningPull, operatorIds: readonly string[]): Promise<void> {
    if (operatorIds.length === 0) return;
    const { report } = run;
    const result = await this.hbs.pullPricingProductData(pullsAs(this.config), { OperatorIDs: operatorIds });
    report.count('requests');
    if (!result.ok && result.reason === 'refused') {
      // No contract with dynamic prices with these operators: the usual case.
      report.count('requestsRefused');
      report.note(`no prices for ${operatorIds.length} operators from ${operatorIds[0] ?? ''} on: ${result.detail}`);
      return this.runs.progress(this.database, run.id, report, this.clock.now());
    }
    if (!result.ok) {
      throw new EmpError(`hbs-${result.reason}`, `PullPricingProductData: ${result.detail}`, { retry: result.retry });
    }
    await this.#record(run, this.#pricesOf(run, result.message));
  }

  #pricesOf({ report }: RunningPull, message: OicpMessages['PricingProductData']): RecordedPrice[] {
    const prices = new Map<string, RecordedPrice>();
    for (const list of message.PricingProductData) {
      const read = readPriceList(storable(list).value, ourIds(this.config));
      for (const complaint of read.unusable) report.note(`unusable price: ${complaint}`);
      report.count('unusable', read.unusable.length);
      for (const price of read.prices) {
        const key = JSON.stringify([price.operatorId, price.providerId, price.productId]);
        if (!prices.has(key)) prices.set(key, { price, contentHash: contentHashOf(price) });
      }
    }
    return [...prices.values()];
  }

  async #record(run: RunningPull, prices: readonly RecordedPrice[]): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(async (tx) => {
      const changed = await this.store.upsert(tx, prices, now);
      await this.outbox.append(tx, ...changed.map(({ price: { availability: _, ...facts } }) =>
        newEvent(PriceListedV1, { ...facts, validFrom: now.toISOString() }, { time: now })));
      run.report.count('prices', prices.length);
      run.report.count('changed', changed.length);
      await this.runs.progress(tx, run.id, run.report, now);
    });
  }
}

const contentHashOf = (price: ListedPrice): string =>
  createHash('sha256').update(JSON.stringify(price)).digest('base64url');
