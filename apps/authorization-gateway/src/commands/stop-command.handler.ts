import type { Database } from '@emp/database';
import { newId, type Clock } from '@emp/kernel';
import { evseKey } from '@emp/oicp';
import { CLOCK, DATABASE, Problem } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { Pseudonyms } from '../contracts/pseudonyms.ts';
import { Providers } from '../providers.ts';
import { AcceptCommand, type Accepted } from './accept-command.ts';
import { insertCommand } from './command.store.ts';

interface SessionToStop {
  readonly state: string;
  readonly provider_id: string | null;
  readonly contract_ref: string | null;
  readonly evse_id: string | null;
  readonly emp_partner_session_id: string | null;
  readonly reserved_at: Date | null;
}

const SESSION = `
  SELECT state, provider_id, contract_ref, evse_id, emp_partner_session_id, reserved_at
  FROM charging_session WHERE session_id = $1`;

/**
 * Ends a session or gives a reservation up. Whether card or contract are still good does not matter: a driver must be
 * able to end what was begun; and whatever began it, most operators stop it (OICP §7.2).
 */
@Injectable()
export class StopCommandHandler {
  constructor(
    private readonly providers: Providers,
    private readonly pseudonyms: Pseudonyms,
    private readonly accept: AcceptCommand,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async stop(
    kind: 'remote-stop' | 'reservation-stop',
    { sessionId, commandId }: { readonly sessionId: string; readonly commandId: string },
    caller: string,
  ): Promise<Accepted> {
    this.accept.isOpen();
    const session = await this.#session(sessionId);
    if (kind === 'reservation-stop' && session.reserved_at === null) {
      throw new Problem(409, 'not-a-reservation', 'this session is no reservation: stop it with remote-stop');
    }
    if (session.evse_id === null) {
      throw new Problem(409, 'evse-unknown', 'nobody has told yet at which EVSE this session is: HBS must be told');
    }
    const isOver = session.state === 'closed' || (kind === 'reservation-stop' && session.state === 'cancelled');
    const command = {
      commandId,
      kind,
      wishHash: this.pseudonyms.textFingerprint(JSON.stringify([kind, sessionId])),
      providerId: session.provider_id ?? this.providers.connected?.providerId ?? '',
      contractRef: session.contract_ref,
      evseId: session.evse_id,
      evseKey: evseKey(session.evse_id),
      sessionId,
      empPartnerSessionId: session.emp_partner_session_id ?? newId(),
      partnerProductId: null,
      durationMinutes: null,
      tariffPlanId: null,
      caller,
      explanation: isOver ? { rule: 'session-over', facts: { state: session.state } } : null,
      requestedAt: this.clock.now(),
      // After its record a session is closed, for HBS too (OICP §5.7).
      refusedWith: isOver ? '400' : null,
    };
    return this.accept.once(command, {
      sealedEvcoId: null,
      insert: () => insertCommand(this.database, command),
      taken: () => Promise.reject(new Error('a command vanished')),
    });
  }

  async #session(sessionId: string): Promise<SessionToStop> {
    const [session] = sessionId.includes('\0') ? [] : await this.database.query<SessionToStop>(SESSION, [sessionId]);
    if (session) return session;
    throw new Problem(404, 'session-unknown', 'we neither authorized nor heard of a session with this id');
  }
}
