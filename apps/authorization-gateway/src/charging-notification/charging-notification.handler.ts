import type { Database } from '@emp/database';
import { ChargingNotifiedV1, newEvent } from '@emp/events';
import type { Outbox } from '@emp/messaging';
import type { Decimal } from '@emp/money';
import { OUTBOX } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import { Inject, Injectable } from '@nestjs/common';
import { LostStarts } from '../commands/lost-starts.ts';
import { Pseudonyms } from '../contracts/pseudonyms.ts';
import { hear, type NotificationKind } from '../domain/charging-session.ts';
import type { HeardIdentity } from '../sessions/heard-identity.ts';
import { SessionChanges } from '../sessions/session-changes.ts';
import { beginSession } from '../sessions/session.store.ts';
import { DOOR_DATABASE } from '../tokens.ts';
import { NOTIFIED } from './notified.ts';
import { keepNotification } from './charging-notification.store.ts';

export interface ArrivedNotification extends HeardIdentity {
  readonly sessionId: string;
  readonly kind: NotificationKind;
  readonly operatorId: string | null;
  readonly evseId: string | null;
  readonly text: string;
  readonly occurredAt: string | null;
  readonly energyKwh: Decimal | null;
  readonly chargingSeconds: number | null;
  /** When charging began, by the station's clock. */
  readonly begunAt: number | null;
  readonly errorType: string | null;
  readonly detail: string | null;
  readonly processId: string | null;
  readonly at: Date;
}

/** Takes what a station tells: into the session, into its story, and to whoever listens; a repeat only once. */
@Injectable()
export class ChargingNotificationHandler {
  constructor(
    private readonly pseudonyms: Pseudonyms,
    private readonly vault: Vault,
    private readonly lostStarts: LostStarts,
    private readonly changes: SessionChanges,
    @Inject(DOOR_DATABASE) private readonly database: Database,
    @Inject(OUTBOX) private readonly outbox: Outbox,
  ) {}

  async receive(notification: ArrivedNotification): Promise<'first' | 'repeated' | 'closed'> {
    const { sessionId, kind, operatorId, evseId, occurredAt, energyKwh, chargingSeconds, errorType, detail } =
      notification;
    const { processId, at } = notification;
    return this.database.transaction(async (tx) => {
      const begun = await beginSession(tx, sessionId, notification, at);
      const session = await this.lostStarts.claim(tx, begun, { ...notification, by: 'notification' });
      const heard = hear(session.heard, { type: 'notified', kind, energyKwh, chargingSeconds, at: at.getTime() });
      if (!heard.ok) return 'closed';
      const isNew = await keepNotification(tx, {
        sessionId,
        kind,
        operatorId,
        evseId,
        occurredAt,
        errorType,
        processId,
        repeatKey: `${kind} ${occurredAt ?? this.pseudonyms.textFingerprint(notification.text)}`,
        energyKwh: energyKwh?.toString() ?? null,
        chargingSeconds,
        sealedDetail: detail === null ? null : this.vault.seal(detail),
        receivedAt: at,
      });
      if (!isNew) return 'repeated';
      await this.changes.save(tx, sessionId, {
        heard: heard.value,
        change: {
          at,
          what: NOTIFIED[kind],
          detail: { occurredAt, energyKwh: energyKwh?.toString() ?? null, chargingSeconds, errorType },
        },
        more: notification,
      });
      if (kind === 'ended') await this.lostStarts.settleStops(tx, sessionId, at, 'notification');
      await this.outbox.append(
        tx,
        newEvent(
          ChargingNotifiedV1,
          {
            sessionId,
            evseId,
            kind,
            occurredAt,
            errorType,
            energyKwh: energyKwh?.toString() ?? null,
            receivedAt: at.toISOString(),
          },
          { time: at },
        ),
      );
      return 'first';
    });
  }
}
