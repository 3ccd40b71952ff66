import type { Database, Transaction } from '@emp/database';
import { EvseRecordedV1, EvseRemovedV1, newEvent } from '@emp/events';
import type { EvseDataPageRead } from '@emp/hbs-client';
import { EmpError, type Clock } from '@emp/kernel';
import type { Outbox } from '@emp/messaging';
import { CLOCK, DATABASE, OUTBOX } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { pullsAs, type PoiSyncConfig } from '../config.ts';
import { PullRunStore } from '../pulls/pull-run.store.ts';
import type { RunningPull } from '../pulls/scheduled-pull.ts';
import { CONFIG, HBS, type Hbs } from '../tokens.ts';
import { EvseStore } from './evse.store.ts';
import { recordsOf } from './page-records.ts';
import { PageWalk } from './page-walk.ts';
import type { RecordedEvse } from './recorded-evse.ts';

const REMOVALS_PER_TRANSACTION = 2_000;

/**
 * Pulls the whole network (OICP §7.6): page by page, each page one transaction with its events, so that memory does
 * not grow with the network and a death in the middle costs nothing but the rest of the pull. What a complete pull did
 * not list is removed. Delta pulls (`LastCall`) will be another mode of this, without the removal.
 */
@Injectable()
export class PullEvseDataHandler {
  constructor(
    @Inject(HBS) private readonly hbs: Hbs,
    @Inject(CONFIG) private readonly config: PoiSyncConfig,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(OUTBOX) private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly store: EvseStore,
    private readonly runs: PullRunStore,
  ) {}

  /** @throws EmpError `hbs-…` when HBS fails; what was recorded until then stays, and nothing is removed. */
  async pull(run: RunningPull): Promise<void> {
    const request = {
      ProviderID: pullsAs(this.config), GeoCoordinatesResponseFormat: 'DecimalDegree'
    } as const;
    await this.store.forgetSeen(this.database);
    const walk = new PageWalk();
    for await (const page of this.hbs.pullEvseData(request, { pageSize: this.config.PAGE_SIZE })) {
      run.signal.throwIfAborted();
      walk.saw(page.message.totalElements);
      await this.#recordPage(run, page);
    }
    if (walk.shrank) {
      run.report.note('the network shrank while it was read, records may have slipped past us: nothing was removed');
    }
    else await this.#removeUnseen(run);
  }

  async #recordPage(run: RunningPull, page: EvseDataPageRead): Promise<void> {
    const { report } = run;
    const { records, rejected } = recordsOf(page);
    const now = this.clock.now();
    report.count('pages');
    report.count('records', records.length + rejected.length);
    report.count('rejected', rejected.length);
    for (const reason of rejected) report.note(`left out: ${reason}`);
    for (const { findings } of records) report.findings.add(findings);
    await this.database.transaction(async (tx) => {
      const first = await this.#firstOfEach(tx, run, records);
      const { changed, added } = await this.store.upsert(tx, first, now);
      const events = first
        .filter(({ reading }) => changed.has(reading.evse.evseKey))
        .map(({ reading }) => newEvent(EvseRecordedV1, reading.evse, { time: now }));
      await this.outbox.append(tx, ...events);
      report.count('added', added);
      report.count('changed', changed.size - added);
      report.count('unchanged', first.length - changed.size);
      await this.runs.progress(tx, run.id, report, now);
    });
  }

  /**
   * Pages shift while they are walked, so a record may come again: that is a repeat. The same id with other content or
   * under another operator is a duplicate, which is named; the first one is kept.
   */
  async #firstOfEach(
    tx: Transaction, { id, report }: RunningPull, records: readonly RecordedEvse[]
  ): Promise<RecordedEvse[]> {
    const inPage = new Map<string, RecordedEvse>();
    const again: RecordedEvse[] = [];
    for (const record of records) {
      const { evseKey } = record.reading.evse;
      if (inPage.has(evseKey)) again.push(record);
      else inPage.set(evseKey, record);
    }
    const fresh = await this.store.see(tx, id, [...inPage.values()]);
    const first = [...inPage.values()].filter(({ reading }) => fresh.has(reading.evse.evseKey));
    again.push(...[...inPage.values()].filter(({ reading }) => !fresh.has(reading.evse.evseKey)));
    if (again.length === 0) return first;
    const before = await this.store.seenBefore(tx, id, again.map(({ reading }) => reading.evse.evseKey));
    const known = new Map(before.map((seen) => [seen.evseKey, seen]));
    for (const { reading: { evse }, contentHash } of again) {
      const seen = known.get(evse.evseKey);
      if (seen && seen.contentHash !== contentHash) {
        report.duplicate({ evseId: evse.evseId, operators: [seen.operatorId, evse.operatorId] });
      }
      else report.count('repeats');
    }
    return first;
  }

  async #removeUnseen(run: RunningPull): Promise<void> {
    const { report } = run;
    const expected = report.valueOf('added') + report.valueOf('changed') + report.valueOf('unchanged');
    if ((await this.store.countSeen(this.database, run.id)) !== expected) {
      throw new EmpError(
        'pull-disturbed', 'another pull wiped out what this one had seen; nothing was removed, the next pull repairs',
        { retry: 'helps' },
      );
    }
    const { listed, unseen } = await this.store.countUnseen(this.database, run.id);
    const knownBefore = listed - report.valueOf('added');
    if (unseen === 0) return;
    if (run.removals === 'limited' && unseen > knownBefore * this.config.REMOVAL_LIMIT) {
      report.count('removalsHeld', unseen);
      report.note(`${unseen} of ${knownBefore} EVSEs were not listed any more, which is more than the limit of ` +
        `${this.config.REMOVAL_LIMIT * 100} %: none was removed. If they are gone: ` +
        'POST /v1/pulls/evse-data?removals=allow');
      return;
    }
    for (let gone = REMOVALS_PER_TRANSACTION; gone === REMOVALS_PER_TRANSACTION;) {
      run.signal.throwIfAborted();
      gone = await this.#removeSome(run);
    }
  }

  #removeSome(run: RunningPull): Promise<number> {
    const now = this.clock.now();
    return this.database.transaction(async (tx) => {
      const gone = await this.store.removeUnseen(tx, run.id, { most: REMOVALS_PER_TRANSACTION, now });
      const removedAt = now.toISOString();
      const events = gone.map((evse) => newEvent(EvseRemovedV1, { ...evse, removedAt }, { time: now }));
      await this.outbox.append(tx, ...events);
      run.report.count('removed', gone.length);
      await this.runs.progress(tx, run.id, run.report, now);
      return gone.length;
    });
  }
}
