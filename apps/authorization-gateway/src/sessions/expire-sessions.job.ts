import type { Database } from '@emp/database';
import type { Clock } from '@emp/kernel';
import { CLOCK, DATABASE, Job, LOG, METER, type Log } from '@emp/service-kit';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import type { GatewayConfig } from '../config.ts';
import { CONFIG } from '../tokens.ts';
import { SessionChanges } from './session-changes.ts';

const BATCH = 1_000;

const changeOf = (what: string): string => `
  INSERT INTO session_change (session_id, number, at, what, state, detail)
  SELECT session_id, changes, $1, '${what}', state, '{}' FROM expired RETURNING session_id`;

/**
 * The rule of `hear(session, {type: 'silence'})` for many rows at once: state `authorized` says that neither charging
 * nor a record was heard of; whoever asked to stop is not silent.
 */
const EXPIRE_SILENT = `
  WITH expired AS (
    UPDATE charging_session SET state = 'expired', expired_at = coalesce(expired_at, $1), changes = changes + 1
    WHERE session_id IN (
      SELECT session_id FROM charging_session
      WHERE state = 'authorized' AND last_heard_at < $2 AND stop_authorized_at IS NULL
      ORDER BY last_heard_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
    AND state = 'authorized'
    RETURNING session_id, changes, state
  ) ${changeOf('expired in silence')}`;

/** A reservation is over when its time is; its EVSE is free again, and nobody came. */
const EXPIRE_RESERVED = `
  WITH expired AS (
    UPDATE charging_session SET state = 'expired', expired_at = coalesce(expired_at, $1), changes = changes + 1
    WHERE session_id IN (
      SELECT session_id FROM charging_session WHERE state = 'reserved' AND reserved_until <= $2
      ORDER BY reserved_until LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
    AND state = 'reserved'
    RETURNING session_id, changes, state
  ) ${changeOf('reservation expired')}`;

/** Lets go of sessions nobody speaks of: another provider's yes may have won (OICP §8.1), or nobody charged. */
@Injectable()
export class ExpireSessionsJob implements OnModuleDestroy {
  readonly job: Job<{ readonly expired: number }>;

  constructor(
    private readonly changes: SessionChanges,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOG) private readonly log: Log,
    @Inject(METER) meter: Meter,
  ) {
    this.job = new Job({
      name: 'expire-sessions',
      everyMs: config.EXPIRE_EVERY_SECONDS * 1_000,
      database,
      log,
      meter,
      work: (signal) => this.expire(signal),
    });
  }

  async expire(signal: AbortSignal): Promise<{ readonly expired: number }> {
    const now = this.clock.now();
    const heardBefore = new Date(now.getTime() - this.config.SESSION_SILENCE_MINUTES * 60_000);
    const silent = await this.#all(EXPIRE_SILENT, [now, heardBefore], signal);
    const reserved = await this.#all(EXPIRE_RESERVED, [now, now], signal);
    if (silent + reserved > 0) this.log.info({ expired: silent, reservations: reserved }, 'silent sessions expired');
    return { expired: silent + reserved };
  }

  async onModuleDestroy(): Promise<void> {
    await this.job.stop();
  }

  async #all(statement: string, values: readonly Date[], signal: AbortSignal): Promise<number> {
    let all = 0;
    for (let batch = BATCH; batch === BATCH && !signal.aborted; all += batch) {
      const rows = await this.database.query<{ session_id: string }>(statement, values);
      this.changes.changed(...rows.map(({ session_id: id }) => id));
      batch = rows.length;
    }
    return all;
  }
}
