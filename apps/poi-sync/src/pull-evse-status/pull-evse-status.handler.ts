import type { Database, Transaction } from '@emp/database';
import { EvseStatusChangedV1, newEvent } from '@emp/events';
import { EmpError, type Clock } from '@emp/kernel';
import type { Outbox } from '@emp/messaging';
import { evseKey } from '@emp/oicp';
import { CLOCK, DATABASE, OUTBOX } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { pullsAs, type PoiSyncConfig } from '../config.ts';
import { PullRunStore } from '../pulls/pull-run.store.ts';
import type { RunningPull } from '../pulls/scheduled-pull.ts';
import { CONFIG, HBS, type Hbs } from '../tokens.ts';
import { EvseStatusStore, type ReportedStatus } from './evse-status.store.ts';

const STAGED_AT_ONCE = 5_000;
const CHANGES_PER_TRANSACTION = 5_000;
const LONGEST_ID = 100;
const LONGEST_STATUS = 50;

type ChangeSome = (tx: Transaction, run: string, change: { most: number; now: Date }) => Promise<ReportedStatus[]>;

/**
 * Pulls the status of the whole network (OICP §7.7), one unpaged answer without times: it is set aside while it
 * streams in, and compared once it is complete, so that half an answer changes nothing. Only differences are events.
 */
@Injectable()
export class PullEvseStatusHandler {
  constructor(
    @Inject(HBS) private readonly hbs: Hbs,
    @Inject(CONFIG) private readonly config: PoiSyncConfig,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(OUTBOX) private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly store: EvseStatusStore,
    private readonly runs: PullRunStore,
  ) {}

  /** @throws EmpError `hbs-…` when HBS fails or its answer breaks off: every status stays as it was. */
  async pull(run: RunningPull): Promise<void> {
    const observedAt = this.clock.now();
    await this.#stageAnswer(run);
    if ((await this.store.countStaged(this.database, run.id)) !== run.report.valueOf('evses')) {
      throw new EmpError(
        'pull-disturbed',
        'another pull wiped out what this one had staged; no status was changed, the next pull repairs',
        { retry: 'helps' }
      );
    }
    await this.#publish(run, 'changed', observedAt, this.store.takeOverChanged.bind(this.store));
    await this.#publish(run, 'missing', observedAt, this.store.forgetMissing.bind(this.store));
    await this.store.forgetStaged(this.database);
  }

  async #stageAnswer({ id, report, signal }: RunningPull): Promise<void> {
    await this.store.forgetStaged(this.database);
    let waiting: ReportedStatus[] = [];
    const stage = async (): Promise<void> => {
      const fresh = await this.store.stage(this.database, id, waiting);
      report.count('evses', fresh);
      report.count('repeats', waiting.length - fresh);
      waiting = [];
    };
    const request = { ProviderID: pullsAs(this.config) };
    for await (const batch of this.hbs.pullEvseStatus(request, { batchSize: STAGED_AT_ONCE })) {
      signal.throwIfAborted();
      report.count('records', batch.records.length + batch.unreadable);
      report.count('rejected', batch.unreadable);
      for (const { EvseID, EvseStatus } of batch.records) {
        const status = EvseStatus.replaceAll('\u0000', '').slice(0, LONGEST_STATUS);
        if (EvseID.length > LONGEST_ID || EvseID.includes('\u0000')) report.count('rejected');
        else waiting.push({ evseKey: evseKey(EvseID), evseId: EvseID, status });
      }
      if (waiting.length >= STAGED_AT_ONCE) await stage();
    }
    await stage();
  }

  /** In bites: the first answer of a large network changes every status. */
  async #publish(run: RunningPull, counter: string, observedAt: Date, changeSome: ChangeSome): Promise<void> {
    for (let changed = CHANGES_PER_TRANSACTION; changed === CHANGES_PER_TRANSACTION;) {
      run.signal.throwIfAborted();
      changed = await this.database.transaction(async (tx) => {
        const changes = await changeSome(tx, run.id, { most: CHANGES_PER_TRANSACTION, now: observedAt });
        await this.outbox.append(tx, ...changes.map((change) =>
          newEvent(EvseStatusChangedV1, { ...change, observedAt: observedAt.toISOString() }, { time: observedAt })));
        run.report.count(counter, changes.length);
        await this.runs.progress(tx, run.id, run.report, this.clock.now());
        return changes.length;
      });
    }
  }
}
