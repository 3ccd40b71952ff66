import type { Database, Transaction } from '@emp/database';
import { SessionRecordMissingV1, newEvent } from '@emp/events';
import type { Clock } from '@emp/kernel';
import type { Outbox } from '@emp/messaging';
import { CLOCK, DATABASE, Job, LOG, METER, OUTBOX, type Log } from '@emp/service-kit';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import type { GatewayConfig } from '../config.ts';
import { CONFIG } from '../tokens.ts';
import { SessionChanges } from './session-changes.ts';

const BATCH = 500;

interface MissingRow {
  readonly session_id: string;
  readonly provider_id: string;
  readonly contract_ref: string;
  readonly operator_id: string | null;
  readonly evse_id: string | null;
  readonly last_heard_at: Date;
}

/**
 * Sessions of ours that charged, or were stopped or given up, whose record has not come within its limit: $2 for those
 * that ended, $3 for those that fell silent. Each is marked once, with its change.
 */
const MARK = `
  WITH missing AS (
    UPDATE charging_session SET record_missing_at = $1, changes = changes + 1
    WHERE session_id IN (
      SELECT session_id FROM charging_session
      WHERE ((state IN ('ended', 'cancelled') AND last_heard_at < $2)
          OR (state = 'charging' AND last_heard_at < $3)
          OR (state = 'authorized' AND stop_authorized_at IS NOT NULL AND last_heard_at < $3))
        AND record_missing_at IS NULL AND record_heard_at IS NULL AND contract_ref IS NOT NULL
      ORDER BY last_heard_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
    AND record_heard_at IS NULL
    RETURNING session_id, provider_id, contract_ref, operator_id, evse_id, last_heard_at, changes, state
  ), told AS (
    INSERT INTO session_change (session_id, number, at, what, state, detail)
    SELECT session_id, changes, $1, 'record missing', state, '{}' FROM missing
  )
  SELECT session_id, provider_id, contract_ref, operator_id, evse_id, last_heard_at FROM missing`;

/**
 * Reports sessions whose record should have come, once each, so that it is asked for (OICP §8.3: HBS does not deliver
 * again by itself). A record that comes later settles it.
 */
@Injectable()
export class MissingRecordsJob implements OnModuleDestroy {
  readonly job: Job<{ readonly missing: number }>;

  constructor(
    private readonly changes: SessionChanges,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(OUTBOX) private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOG) private readonly log: Log,
    @Inject(METER) meter: Meter,
  ) {
    this.job = new Job({
      name: 'missing-records',
      everyMs: config.EXPIRE_EVERY_SECONDS * 1_000,
      database,
      log,
      meter,
      work: (signal) => this.report(signal),
    });
  }

  async report(signal: AbortSignal): Promise<{ readonly missing: number }> {
    let missing = 0;
    for (let batch = BATCH; batch === BATCH && !signal.aborted; missing += batch) {
      batch = await this.database.transaction((tx) => this.#markBatch(tx));
    }
    if (missing > 0) this.log.warn({ missing }, 'records of sessions are missing');
    return { missing };
  }

  async onModuleDestroy(): Promise<void> {
    await this.job.stop();
  }

  async #markBatch(tx: Transaction): Promise<number> {
    const now = this.clock.now();
    const before = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000);
    const rows = await tx.query<MissingRow>(MARK, [
      now,
      before(this.config.RECORD_LIMIT_ENDED_MINUTES),
      before(this.config.RECORD_LIMIT_CHARGING_MINUTES),
    ]);
    const events = rows.map((row) =>
      newEvent(
        SessionRecordMissingV1,
        {
          sessionId: row.session_id,
          providerId: row.provider_id,
          contractRef: row.contract_ref,
          operatorId: row.operator_id,
          evseId: row.evse_id,
          lastHeardAt: row.last_heard_at.toISOString(),
          missingSince: now.toISOString(),
        },
        { time: now },
      ),
    );
    await this.outbox.append(tx, ...events);
    tx.afterCommit(() => this.changes.changed(...rows.map(({ session_id: id }) => id)));
    return rows.length;
  }
}
