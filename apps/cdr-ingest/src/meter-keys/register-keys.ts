import type { Database, Transaction } from '@emp/database';
import type { Clock } from '@emp/kernel';
import { CLOCK, DATABASE, LOG, type Log } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { CdrMetrics } from '../cdrs/cdr-metrics.ts';
import { Recheck, type Rechecked } from '../check-records/recheck.ts';
import { changeFacts } from '../network-facts/facts-lock.ts';
import { registerKeys, revokeKey, type NewMeterKey } from './meter-key.store.ts';

/** Changes the registry of meters' keys, and checks the quarantined records again that a key concerns. */
@Injectable()
export class KeyRegistry {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Recheck) private readonly recheck: Recheck,
    @Inject(CdrMetrics) private readonly metrics: CdrMetrics,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Registers keys; returns how many records were checked again. */
  async register(keys: readonly NewMeterKey[]): Promise<number> {
    const settled = await this.database.transaction(async (tx) => {
      const now = this.clock.now();
      await changeFacts(tx);
      await registerKeys(tx, keys, now);
      return this.#recheck(tx, keys, now);
    });
    this.log.info({ keys: keys.length, rechecked: settled.length }, 'meter keys registered');
    return settled.length;
  }

  /** `undefined` if there is no such key. */
  async revoke(id: string, reason: string | null, caller: string): Promise<number | undefined> {
    const settled = await this.database.transaction(async (tx) => {
      const now = this.clock.now();
      await changeFacts(tx);
      const key = await revokeKey(tx, id, { reason, caller, now });
      return key && this.#recheck(tx, [key], now);
    });
    if (settled) this.log.info({ meterKeyId: id, rechecked: settled.length }, 'meter key revoked');
    return settled?.length;
  }

  async #recheck(
    tx: Transaction, places: readonly Pick<NewMeterKey, 'evseKey' | 'meterId'>[], now: Date,
  ): Promise<readonly Rechecked[]> {
    const present = (keys: readonly (string | null)[]): readonly string[] => [...new Set(keys.filter((key) => key !== null))];
    const settled = [
      ...await this.recheck.run(tx, { by: 'evse-key', keys: present(places.map(({ evseKey }) => evseKey)) }, now),
      ...await this.recheck.run(tx, { by: 'meter-id', keys: present(places.map(({ meterId }) => meterId)) }, now),
    ];
    tx.afterCommit(() => this.metrics.settled(settled, this.log));
    return settled;
  }
}
