import type { Transaction } from '@emp/database';
import { SessionAuthorizedV1, newEvent } from '@emp/events';
import type { Outbox } from '@emp/messaging';
import { Decimal } from '@emp/money';
import { operatorPrefixOf } from '@emp/oicp';
import { OUTBOX } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { hear } from '../domain/charging-session.ts';
import { holdCredit } from '../limits/usage.store.ts';
import { SessionChanges } from './session-changes.ts';
import type { LockedSession } from './session.store.ts';

/** A session that we started ourselves, from afar. */
export interface RemoteGrant {
  readonly providerId: string;
  readonly contractRef: string;
  readonly tariffPlanId: string;
  readonly evseId: string;
  readonly empPartnerSessionId: string;
  readonly explanation: object | null;
  readonly processId: string | null;
  /** When it was asked for: a notification may have come since. */
  readonly authorizedAt: Date;
  /** Minutes of a reservation. */
  readonly reservedMinutes: number | null;
}

const AUTHORIZE = {
  name: 'session-authorize-remote',
  text: `
    UPDATE charging_session SET provider_id = $2, contract_ref = $3, tariff_plan_id = $4, identification = 'remote',
      emp_partner_session_id = $5, process_id = $6, explanation = $7::jsonb
    WHERE session_id = $1`,
};

const CREDIT = {
  name: 'session-credit-of-contract',
  text: 'SELECT reserve_per_session FROM contract_credit WHERE contract_ref = $1',
};

/** Makes a session ours that was started from afar, with what was heard of it before; its event is published once. */
@Injectable()
export class AuthorizeSession {
  constructor(private readonly changes: SessionChanges, @Inject(OUTBOX) private readonly outbox: Outbox) {}

  /** The session is locked; one that was authorized before is left alone. `at`: now. */
  async remotely(tx: Transaction, session: LockedSession, grant: RemoteGrant, at: Date): Promise<void> {
    if (session.contractRef !== null || session.heard.authorizedAt !== null) return;
    const { sessionId } = session;
    const authorizedAt = grant.authorizedAt.getTime();
    await tx.prepared(AUTHORIZE, [
      sessionId,
      grant.providerId,
      grant.contractRef,
      grant.tariffPlanId,
      grant.empPartnerSessionId,
      grant.processId,
      grant.explanation === null ? null : JSON.stringify(grant.explanation),
    ]);
    let heard = hear(session.heard, { type: 'authorized', at: authorizedAt });
    if (heard.ok && grant.reservedMinutes !== null) {
      const until = at.getTime() + grant.reservedMinutes * 60_000;
      heard = hear(heard.value, { type: 'reserved', at: authorizedAt, until });
    }
    if (!heard.ok) throw new Error(`a session refused its authorization: ${heard.refusal.detail}`);
    await this.changes.save(tx, sessionId, {
      heard: heard.value,
      change: {
        at,
        what: grant.reservedMinutes === null ? 'authorized' : 'reserved',
        detail: { identification: 'remote' },
      },
      more: { evseId: grant.evseId, operatorId: operatorPrefixOf(grant.evseId) ?? null },
    });
    await this.#holdCredit(tx, session, grant, at);
    await this.outbox.append(
      tx,
      newEvent(
        SessionAuthorizedV1,
        {
          sessionId,
          providerId: grant.providerId,
          contractRef: grant.contractRef,
          cardRef: null,
          operatorId: session.operatorId ?? operatorPrefixOf(grant.evseId) ?? '',
          evseId: grant.evseId,
          identification: 'remote',
          tariffPlanId: grant.tariffPlanId,
          authorizedAt: grant.authorizedAt.toISOString(),
        },
        { time: at },
      ),
    );
  }

  async #holdCredit(tx: Transaction, { sessionId }: LockedSession, grant: RemoteGrant, at: Date): Promise<void> {
    const [credit] = await tx.prepared<{ reserve_per_session: string }>(CREDIT, [grant.contractRef]);
    if (!credit) return;
    const amount = Decimal.parse(credit.reserve_per_session);
    await holdCredit(tx, { sessionId, contractRef: grant.contractRef, amount, at });
  }
}
