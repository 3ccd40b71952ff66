import type { Transaction } from '@emp/database';
import type { NotificationKind } from '../domain/charging-session.ts';

export interface KeptNotification {
  readonly sessionId: string;
  readonly repeatKey: string;
  readonly kind: NotificationKind;
  readonly receivedAt: Date;
  readonly occurredAt: string | null;
  readonly energyKwh: string | null;
  readonly chargingSeconds: number | null;
  readonly errorType: string | null;
  readonly sealedDetail: string | null;
  readonly operatorId: string | null;
  readonly evseId: string | null;
  readonly processId: string | null;
}

const KEEP = {
  name: 'charging-notification-keep',
  text: `INSERT INTO session_notification (session_id, repeat_key, kind, received_at, occurred_at, energy_kwh,
           error_type, sealed_detail, operator_id, evse_id, process_id, charging_seconds)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING RETURNING session_id`,
};

/** Adds a notification to the story of its session; `false` if it had come before (OICP §8.4: de-duplicate). */
export async function keepNotification(tx: Transaction, kept: KeptNotification): Promise<boolean> {
  const rows = await tx.prepared(KEEP, [
    kept.sessionId,
    kept.repeatKey,
    kept.kind,
    kept.receivedAt,
    kept.occurredAt,
    kept.energyKwh,
    kept.errorType,
    kept.sealedDetail,
    kept.operatorId,
    kept.evseId,
    kept.processId,
    kept.chargingSeconds,
  ]);
  return rows.length > 0;
}
