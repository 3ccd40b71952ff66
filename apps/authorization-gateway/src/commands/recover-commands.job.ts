import type { Database } from '@emp/database';
import type { Clock } from '@emp/kernel';
import { evseKey } from '@emp/oicp';
import { CLOCK, DATABASE, Job, LOG, METER, type Log } from '@emp/service-kit';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import type { GatewayConfig } from '../config.ts';
import { lockSession } from '../sessions/session.store.ts';
import { CONFIG } from '../tokens.ts';
import { loseAbandoned, type CommandRow } from './command.store.ts';
import { LostStarts } from './lost-starts.ts';
import { SettleCommand } from './settle-command.ts';

/** Whoever became unknown before that was looked for then; what has been heard since has found its start by itself. */
const LOOK_BACK_MS = 10 * 60_000;

/** Starts that lately became unknown, and the span in which a session of theirs may have been heard of. */
const UNKNOWN_STARTS = `
  SELECT min(requested_at) AS since, max(unknown_at) AS until, array_agg(DISTINCT evse_key) AS evse_keys,
    array_agg(DISTINCT emp_partner_session_id) AS emp_session_ids
  FROM command
  WHERE kind IN ('remote-start', 'reservation-start') AND session_id IS NULL AND state = 'unknown' AND unknown_at > $1`;

/** Sessions that nobody authorized, begun in that span (and what clocks of replicas differ by). */
const SESSIONS_OF_NOBODY = `
  SELECT session_id, evse_id, heard_emp_session_id FROM charging_session
  WHERE contract_ref IS NULL AND authorized_at IS NULL AND denied_at IS NULL
    AND created_at BETWEEN $1::timestamptz - interval '1 minute' AND $2::timestamptz + interval '1 minute'`;

const STOPS_OF_OVER = `
  SELECT DISTINCT command.session_id FROM command JOIN charging_session AS session USING (session_id)
  WHERE command.state = 'unknown' AND command.kind IN ('remote-stop', 'reservation-stop')
    AND session.state IN ('ended', 'closed')`;

interface Waiting {
  readonly since: Date | null;
  readonly until: Date | null;
  readonly evse_keys: readonly string[] | null;
  readonly emp_session_ids: readonly string[] | null;
}

/**
 * Commands of processes that died become `unknown`, on any replica; and what was heard before they did (a notification
 * while the answer was still awaited) is looked at again. Nothing is sent.
 */
@Injectable()
export class RecoverCommandsJob implements OnModuleDestroy {
  readonly job: Job<{ readonly lost: number }>;

  constructor(
    private readonly settle: SettleCommand,
    private readonly lostStarts: LostStarts,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) config: GatewayConfig,
    @Inject(LOG) log: Log,
    @Inject(METER) meter: Meter,
  ) {
    this.job = new Job({
      name: 'recover-commands',
      everyMs: config.COMMAND_RECOVERY_SECONDS * 1_000,
      database,
      log,
      meter,
      work: () => this.recover(),
    });
  }

  async recover(): Promise<{ readonly lost: number }> {
    const lost = await loseAbandoned(this.database, this.clock.now());
    for (const command of lost) this.#tell(command);
    await this.#claimHeard();
    await this.#settleStops();
    return { lost: lost.length };
  }

  async onModuleDestroy(): Promise<void> {
    await this.job.stop();
  }

  async #claimHeard(): Promise<void> {
    const lately = new Date(this.clock.now().getTime() - LOOK_BACK_MS);
    const [waiting] = await this.database.query<Waiting>(UNKNOWN_STARTS, [lately]);
    if (!waiting?.since) return;
    const evseKeys = new Set(waiting.evse_keys);
    const ids = new Set(waiting.emp_session_ids);
    const sessions = await this.database.query<{
      session_id: string;
      evse_id: string | null;
      heard_emp_session_id: string | null;
    }>(SESSIONS_OF_NOBODY, [waiting.since, waiting.until]);
    for (const { session_id: sessionId, evse_id: evseId, heard_emp_session_id: id } of sessions) {
      if (!ids.has(id ?? '') && !(evseId !== null && evseKeys.has(evseKey(evseId)))) continue;
      await this.database.transaction(async (tx) => {
        const session = await lockSession(tx, sessionId);
        if (!session) return;
        await this.lostStarts.claim(tx, session, {
          ...session,
          begunAt: null,
          at: this.clock.now(),
          by: session.state === 'closed' ? 'record' : 'notification',
        });
      });
    }
  }

  async #settleStops(): Promise<void> {
    const over = await this.database.query<{ session_id: string }>(STOPS_OF_OVER);
    for (const { session_id: sessionId } of over) {
      await this.database.transaction(async (tx) => {
        const session = await lockSession(tx, sessionId);
        const by = session?.state === 'closed' ? 'record' : 'notification';
        await this.lostStarts.settleStops(tx, sessionId, this.clock.now(), by);
      });
    }
  }

  #tell(command: CommandRow): void {
    this.settle.tell(command, 'unknown', { reason: 'sender-lost' });
  }
}
