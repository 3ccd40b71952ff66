import type { Queryable } from '@emp/database';
import type { Vault } from '@emp/vault';
import { caseFacts, possibleMoves, type CaseMove } from '../domain/case.ts';
import { differencesBetween, type Difference } from '../domain/case-differences.ts';
import type { CdrFinding } from '../domain/cdr-finding.ts';
import { recordContent } from '../domain/record-content.ts';
import { sessionKey } from '../domain/session-key.ts';
import { readEvidence, type CaseEvidence } from './case-evidence.reader.ts';
import { findCase, type CaseRow } from './case-row.ts';
import { stepsAfter, type StepView } from './step-store.ts';
import type { StoredState } from './stored-record.ts';

/** A case with all that a person needs to decide. */
export interface CaseView extends Omit<CaseRow, 'sessionKey'> {
  readonly possible: readonly CaseMove[];
  /** The record in force; corrections of people included. */
  readonly record: VersionView | null;
  /** Every content that came; the others with what they say instead of the record in force. */
  readonly versions: readonly (VersionView & { readonly differences: readonly Difference[] })[];
  readonly evidence: CaseEvidence;
  /** The audit trail. */
  readonly steps: readonly StepView[];
}

export interface VersionView {
  readonly version: number;
  readonly state: StoredState;
  readonly readable: boolean;
  readonly origin: string;
  readonly receivedAt: Date;
  readonly contractRef: string | null;
  readonly matchedBy: string | null;
  readonly identification: string;
  readonly evseId: string | null;
  readonly partnerProductId: string | null;
  readonly sessionStart: string | null;
  readonly sessionEnd: string | null;
  readonly chargingStart: string | null;
  readonly chargingEnd: string | null;
  /** kWh, decimal texts. */
  readonly energyKwh: string | null;
  readonly meterStartKwh: string | null;
  readonly meterEndKwh: string | null;
  readonly findings: readonly CdrFinding[];
}

interface VersionRow extends VersionView {
  readonly id: string;
  readonly sealedRecord: string;
  readonly fingerprint: string | null;
  readonly evseKey: string | null;
}

/** `undefined`: no record came for the session. A record without a case has a closed one of revision 0. */
export async function viewCase(database: Queryable, vault: Vault, sessionId: string): Promise<CaseView | undefined> {
  const key = sessionKey(sessionId);
  const versions = await versionsOf(database, key);
  const inForce = versions.find(({ state, readable }) => readable && state !== 'conflict')
    ?? versions.findLast(({ state }) => state !== 'conflict');
  const latest = inForce ?? versions.at(-1);
  if (!latest) return undefined;
  const { sessionKey: _, ...row } = await findCase(database, key) ?? uneventful(key, sessionId, latest);
  const content = recordContent(vault.open(latest.sealedRecord));
  return {
    ...row,
    possible: possibleMoves(caseFacts(latest.state, latest.readable ? 'readable' : 'unreadable', row)),
    record: shown(latest),
    versions: versions.map((version) => {
      const other = version === latest ? undefined : recordContent(vault.open(version.sealedRecord));
      return { ...shown(version), differences: content && other ? differencesBetween(content, other) : [] };
    }),
    evidence: await readEvidence(database, { ...latest, key, cdrId: latest.id }),
    steps: await stepsAfter(database, key, 0),
  };
}

async function versionsOf(database: Queryable, key: string): Promise<readonly VersionRow[]> {
  return database.query<VersionRow>(
    `SELECT id, version, state, readable, origin, received_at AS "receivedAt", contract_ref AS "contractRef",
       matched_by AS "matchedBy",
       identification, evse_id AS "evseId", partner_product_id AS "partnerProductId", session_start AS "sessionStart",
       session_end AS "sessionEnd", charging_start AS "chargingStart", charging_end AS "chargingEnd",
       energy_kwh AS "energyKwh",
       meter_start_kwh AS "meterStartKwh", meter_end_kwh AS "meterEndKwh", findings, sealed_record AS "sealedRecord",
       identification_fingerprint AS fingerprint, evse_key AS "evseKey"
     FROM cdr WHERE session_key = $1 ORDER BY version`, [key]);
}

function shown(
  { id: _id, sealedRecord: _sealed, fingerprint: _fingerprint, evseKey: _key, ...view }: VersionRow,
): VersionView {
  return view;
}

function uneventful(key: string, sessionId: string, { evseId, receivedAt }: VersionRow): CaseRow {
  return {
    sessionKey: key, sessionId, state: 'accepted', revision: 0, announced: 'accepted', corrections: 0,
    codes: [], openVersions: [],
    overlay: {}, providerId: '', operatorId: null, evseId, openedAt: receivedAt, closedAt: receivedAt,
  };
}
