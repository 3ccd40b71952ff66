import { isStart, type CommandKind, type CommandState } from '../domain/command.ts';
import { MEANING_OF_UNKNOWN, meaningOf, type RefusalMeaning } from '../domain/refusal-meanings.ts';
import type { CommandRow, SettledBy } from './command.store.ts';

/** A command as apps and people see it. */
export interface CommandView {
  readonly commandId: string;
  readonly kind: CommandKind;
  /** `sent`: on its way. `unknown`: it may have happened; it is not repeated. */
  readonly state: CommandState;
  readonly sessionId: string | null;
  readonly contractRef: string | null;
  readonly providerId: string;
  readonly evseId: string;
  readonly empPartnerSessionId: string;
  readonly partnerProductId: string | null;
  readonly durationMinutes: number | null;
  readonly caller: string;
  readonly requestedAt: string;
  readonly unknownSince: string | null;
  /** Why nobody knows: `timeout`, `sender-lost`, … */
  readonly unknownReason: string | null;
  readonly settledAt: string | null;
  readonly settledBy: SettledBy | null;
  /** Of a start that a notification or a record settled: by which likeness. */
  readonly settledHow: string | null;
  /** OICP status code. */
  readonly code: string | null;
  readonly processId: string | null;
  /** What HBS said, for a person. */
  readonly detail: string | null;
  /** For the driver: of a refusal, and while nobody knows. */
  readonly driver: RefusalMeaning | null;
  /** Which of our rules refused, and the facts it looked at. */
  readonly explanation: Readonly<Record<string, unknown>> | null;
  readonly resolution: { readonly by: string; readonly reason: string | null } | null;
}

export function commandView(row: CommandRow, open: (sealed: string) => string): CommandView {
  return {
    commandId: row.command_id,
    kind: row.kind,
    state: row.state,
    sessionId: row.session_id,
    contractRef: row.contract_ref,
    providerId: row.provider_id,
    evseId: row.evse_id,
    empPartnerSessionId: row.emp_partner_session_id,
    partnerProductId: row.partner_product_id,
    durationMinutes: row.duration_minutes,
    caller: row.caller,
    requestedAt: row.requested_at.toISOString(),
    unknownSince: row.unknown_at?.toISOString() ?? null,
    unknownReason: row.unknown_reason,
    settledAt: row.settled_at?.toISOString() ?? null,
    settledBy: row.settled_by,
    settledHow: row.settled_how,
    code: row.code,
    processId: row.process_id,
    detail: row.sealed_detail === null ? null : open(row.sealed_detail),
    driver: driverMeaning(row),
    explanation: row.explanation,
    resolution:
      row.resolved_by === null
        ? null
        : { by: row.resolved_by, reason: row.sealed_reason === null ? null : open(row.sealed_reason) },
  };
}

function driverMeaning({ kind, state, code, settled_by: by, explanation }: CommandRow): RefusalMeaning | null {
  if (state === 'unknown') return MEANING_OF_UNKNOWN[isStart(kind) ? 'start' : 'stop'];
  if (state !== 'refused') return null;
  return meaningOf({ code, rule: by === 'rules' ? String(explanation?.['rule']) : null });
}
