import type { Database } from '@emp/database';
import type { SessionAuthorizedData } from '@emp/events';
import { EmpError } from '@emp/kernel';
import type { OutboxRow } from '@emp/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { Explanation } from '../domain/authorization.ts';
import { DOOR_DATABASE } from '../tokens.ts';

export interface SessionToGrant extends SessionAuthorizedData {
  readonly sealedCpoSessionId: string | null;
  readonly empPartnerSessionId: string;
  readonly processId: string | null;
  readonly explanation: Explanation;
  readonly at: Date;
}

/** What a granted session answers with; `told` says whether this call made it. */
export interface GrantedSession {
  readonly told: 'now' | 'before';
  readonly provider_id: string;
  readonly contract_ref: string;
  readonly card_ref: string | null;
  readonly emp_partner_session_id: string;
}

/** HBS was told 021 for this session: decision record 0006. */
export const DENIED = 'denied';

interface KnownSession extends GrantedSession {
  readonly denied: boolean;
}

/**
 * Session and event in one statement: either both are there or neither. A session that was heard of before it was
 * authorized (OICP §5) keeps what was heard and gets the rest; one that was authorized before is left alone.
 */
const GRANT = {
  name: 'authorize-start-grant',
  text: `
    WITH granted AS (
      INSERT INTO charging_session AS known (session_id, state, provider_id, contract_ref, card_ref, tariff_plan_id,
        identification, operator_id, evse_id, sealed_cpo_session_id, emp_partner_session_id, process_id, explanation,
        created_at, authorized_at, last_heard_at)
      VALUES ($1, 'authorized', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $13)
      ON CONFLICT (session_id) DO UPDATE SET provider_id = EXCLUDED.provider_id, contract_ref = EXCLUDED.contract_ref,
        card_ref = EXCLUDED.card_ref, tariff_plan_id = EXCLUDED.tariff_plan_id,
        identification = EXCLUDED.identification, operator_id = EXCLUDED.operator_id,
        evse_id = coalesce(EXCLUDED.evse_id, known.evse_id),
        sealed_cpo_session_id = EXCLUDED.sealed_cpo_session_id,
        emp_partner_session_id = EXCLUDED.emp_partner_session_id,
        process_id = EXCLUDED.process_id, explanation = EXCLUDED.explanation, authorized_at = EXCLUDED.authorized_at,
        last_heard_at = greatest(known.last_heard_at, EXCLUDED.last_heard_at)
      WHERE known.authorized_at IS NULL AND known.denied_at IS NULL
      RETURNING session_id, provider_id, contract_ref, card_ref, emp_partner_session_id
    ), told AS (
      INSERT INTO outbox (event_id, topic, key, headers, payload)
      SELECT $14::uuid, $15, $16, $17::jsonb, $18 FROM granted
    )
    SELECT 'now' AS told, provider_id, contract_ref, card_ref, emp_partner_session_id FROM granted`,
};

const GRANTED = {
  name: 'authorize-start-granted',
  text: `SELECT 'before' AS told, denied_at IS NOT NULL AS denied, provider_id, contract_ref, card_ref,
           emp_partner_session_id
         FROM charging_session WHERE session_id = $1 AND (authorized_at IS NOT NULL OR denied_at IS NOT NULL)`,
};

@Injectable()
export class AuthorizeStartStore {
  constructor(@Inject(DOOR_DATABASE) private readonly database: Database) {}

  async grant(session: SessionToGrant, event: OutboxRow): Promise<GrantedSession | typeof DENIED> {
    const [granted] = await this.database.prepared<GrantedSession>(GRANT, [
      session.sessionId,
      session.providerId,
      session.contractRef,
      session.cardRef,
      session.tariffPlanId,
      session.identification,
      session.operatorId,
      session.evseId,
      session.sealedCpoSessionId,
      session.empPartnerSessionId,
      session.processId,
      JSON.stringify(session.explanation),
      session.at,
      event.event_id,
      event.topic,
      event.key,
      event.headers,
      event.payload,
    ]);
    if (granted) return granted;
    // The row was taken: asked again in a statement of its own, since it may have been committed during this one.
    const known = await this.granted(session.sessionId);
    if (known) return known;
    throw new EmpError('session-vanished', 'a session was neither inserted nor found', { retry: 'helps' });
  }

  async granted(sessionId: string): Promise<GrantedSession | typeof DENIED | undefined> {
    const [row] = await this.database.prepared<KnownSession>(GRANTED, [sessionId]);
    return row?.denied === true ? DENIED : row;
  }
}
