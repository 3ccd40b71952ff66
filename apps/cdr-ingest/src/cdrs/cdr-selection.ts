import { evseKey, operatorKey } from '@emp/oicp';
import { z } from 'zod';
import { operatorSpellings, providerSpellings } from '../domain/partner-spelling.ts';
import { sessionKey } from '../domain/session-key.ts';
import { instantParameter } from './instant-parameter.ts';

export const CDR_STATES = ['accepted', 'quarantined', 'conflict', 'rejected'] as const;

/** Which records; every parameter given must fit. */
export const selectionParameters = {
  /** Any id of a record: of the session, of a partner's session, of the process, of the contract, of the EVSE. */
  id: z.string().trim().min(1).max(250).optional(),
  session: z.string().trim().min(1).max(100).optional(),
  cpoPartnerSession: z.string().min(1).max(250).optional(),
  empPartnerSession: z.string().min(1).max(250).optional(),
  process: z.string().min(1).max(250).optional(),
  contract: z.string().min(1).max(100).optional(),
  /** In any spelling, as operator and provider. */
  evse: z.string().trim().min(1).max(100).optional(),
  operator: z.string().trim().min(1).max(50).optional(),
  provider: z.string().trim().min(1).max(50).optional(),
  state: z.enum(CDR_STATES).optional(),
  /** Code of a finding. */
  finding: z.string().min(1).max(100).optional(),
  /** Of the signed metering values. */
  verdict: z.enum(['valid', 'invalid', 'unverifiable', 'absent']).optional(),
  origin: z.enum(['pushed', 'pulled']).optional(),
  /** Instants of receipt, `to` exclusive. */
  from: instantParameter.optional(),
  to: instantParameter.optional(),
  /** Instants at which the session began, `startedTo` exclusive. */
  startedFrom: instantParameter.optional(),
  startedTo: instantParameter.optional(),
} as const;

type Parameters = z.infer<z.ZodObject<typeof selectionParameters>>;

export interface CdrSelection extends Parameters {
  /** Keyed hash of a card number or contract id. */
  readonly fingerprint?: string | undefined;
}

type Placed = (value: unknown) => string;

/** Each parameter as a condition that an index of `cdr` serves. */
const CONDITIONS: { readonly [Name in keyof CdrSelection]-?: (value: never, placed: Placed) => string } = {
  id: (id: string, placed) => {
    const [text, session, evse] = [placed(id), placed(sessionKey(id)), placed(evseKey(id))];
    return `id IN (SELECT id FROM cdr WHERE session_key = ${session} UNION ALL SELECT id FROM cdr WHERE cpo_partner_session_id = ${text}
      UNION ALL SELECT id FROM cdr WHERE emp_partner_session_id = ${text} UNION ALL SELECT id FROM cdr WHERE process_id = ${text}
      UNION ALL SELECT id FROM cdr WHERE contract_ref = ${text} UNION ALL SELECT id FROM cdr WHERE evse_key = ${evse})`;
  },
  session: (session: string, placed) => `session_key = ${placed(sessionKey(session))}`,
  cpoPartnerSession: (session: string, placed) => `cpo_partner_session_id = ${placed(session)}`,
  empPartnerSession: (session: string, placed) => `emp_partner_session_id = ${placed(session)}`,
  process: (process: string, placed) => `process_id = ${placed(process)}`,
  contract: (contract: string, placed) => `contract_ref = ${placed(contract)}`,
  evse: (evse: string, placed) => `evse_key = ${placed(evseKey(evse))}`,
  // A pulled record does not tell its operator: the network does.
  operator: (operator: string, placed) => `(operator_id = ANY(${placed(operatorSpellings(operator))}::text[]) OR (operator_id IS NULL AND evse_key = ANY(
      ARRAY(SELECT evse_key FROM evse_fact WHERE operator_key = ${placed(operatorKey(operator))}))))`,
  provider: (provider: string, placed) => `provider_id = ANY(${placed(providerSpellings(provider))}::text[])`,
  // The second half lets PostgreSQL use the small index of what is not accepted.
  state: (state: string, placed) => `state = ${placed(state)}${state === 'accepted' ? '' : ` AND state <> 'accepted'`}`,
  finding: (code: string, placed) =>
    `findings <> '[]' AND jsonb_path_query_array(findings, '$[*].code') @> jsonb_build_array(${placed(code)}::text)`,
  // What brought no signed values has no row.
  verdict: (verdict: string, placed) => (verdict === 'absent'
    ? `readable AND NOT EXISTS (SELECT FROM cdr_metering WHERE cdr_metering.cdr_id = cdr.id AND verdict <> 'absent')`
    : `id IN (SELECT cdr_id FROM cdr_metering WHERE verdict = ${placed(verdict)})`),
  origin: (origin: string, placed) => `origin = ${placed(origin)}`,
  from: (from: Date, placed) => `received_at >= ${placed(from)}`,
  to: (to: Date, placed) => `received_at < ${placed(to)}`,
  startedFrom: (from: Date, placed) => `coalesce(session_start_at, received_at) >= ${placed(from)}`,
  startedTo: (to: Date, placed) => `coalesce(session_start_at, received_at) < ${placed(to)}`,
  fingerprint: (fingerprint: string, placed) => `identification_fingerprint = ${placed(fingerprint)}`,
};

/** The WHERE clause for a selection, after a record if one is named: newest first. */
export function conditionsOf(
  selection: CdrSelection, after?: string | undefined,
): { readonly where: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [];
  const placed: Placed = (value) => `$${values.push(value)}`;
  const conditions = Object.entries(CONDITIONS).flatMap(([name, condition]) => {
    const value = selection[name as keyof CdrSelection];
    return value === undefined ? [] : [(condition as (value: unknown, placed: Placed) => string)(value, placed)];
  });
  if (after !== undefined) conditions.push(`id < ${placed(after)}`);
  return { where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`, values };
}
