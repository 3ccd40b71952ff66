import type { Database } from '@emp/database';
import type { Clock } from '@emp/kernel';
import { CLOCK, DATABASE, Job, LOG, METER, type Log } from '@emp/service-kit';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import type { GatewayConfig } from '../config.ts';
import { CONFIG } from '../tokens.ts';

const BATCH = 1_000;

/**
 * The rule of `hear(session, {type: 'silence'})` for many rows at once: state `authorized` says that neither charging
 * nor a record was heard of; whoever asked to stop is not silent.
 */
const EXPIRE = `
  UPDATE charging_session SET state = 'expired', expired_at = coalesce(expired_at, $1)
  WHERE session_id IN (
    SELECT session_id FROM charging_session
    WHERE state = 'authorized' AND last_heard_at < $2 AND stop_authorized_at IS NULL
    ORDER BY last_heard_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
  AND state = 'authorized'`;

/** Lets go of sessions nobody speaks of: another provider's yes may have won (OICP §8.1), or nobody charged. */
@Injectable()
export class ExpireSessionsJob implements OnModuleDestroy {
  readonly job: Job<{ readonly expired: number }>;

  constructor(
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
    let expired = 0;
    for (let batch = BATCH; batch === BATCH && !signal.aborted; expired += batch) {
      batch = await this.database.execute(EXPIRE, [now, heardBefore]);
    }
    if (expired > 0) this.log.info({ expired }, 'silent sessions expired');
    return { expired };
  }

  async onModuleDestroy(): Promise<void> {
    await this.job.stop();
  }
}
