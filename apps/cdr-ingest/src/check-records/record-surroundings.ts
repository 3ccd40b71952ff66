import type { Transaction } from '@emp/database';
import { Decimal } from '@emp/money';
import { evseKey } from '@emp/oicp';
import type { AuthorizedSession, ListedEvse, ListedProduct, Overlap } from '../domain/check-context.ts';
import { grouped } from '../domain/grouped.ts';
import { KEYS_OF_EVSES, keysByEvse, type KnownKeys, type KeyOfEvse } from '../meter-keys/meter-key.store.ts';
import type { CheckedRecord } from './checked-record.ts';

/** What the database knows around one record. */
export interface Surroundings {
  readonly identificationContractRef: string | null;
  readonly session: AuthorizedSession | null;
  readonly evse: ListedEvse | 'unlisted' | 'no-network';
  /** All that the EVSE's operator lists. */
  readonly products: readonly ListedProduct[];
  /** Sessions stored before that lie at the same time. */
  readonly overlaps: readonly Overlap[];
}

/** What the database knows around the records of a batch, by their ids, and of the meters' keys. */
export interface BatchSurroundings {
  readonly of: ReadonlyMap<string, Surroundings>;
  readonly keys: KnownKeys;
}

/**
 * Sessions that overlap: of one EVSE or card, the first few that end after this one began. Where sessions do not overlap
 * (as a rule) the first alone decides, so a handful suffices, and nothing grows with the history.
 */
const overlapping = (column: string, value: string): string => `
  SELECT o.session_id, extract(epoch FROM least(o.session_end_at, r.session_end) - greatest(o.session_start_at, r.session_start)) AS seconds
  FROM (SELECT session_id, session_start_at, session_end_at FROM cdr
        WHERE cdr.${column} = ${value} AND state <> 'conflict' AND session_end_at > r.session_start AND cdr.session_key <> r.session_key
        ORDER BY session_end_at LIMIT 4) AS o
  WHERE o.session_start_at < r.session_end ORDER BY seconds DESC LIMIT 1`;

const PRODUCTS = `
  SELECT json_agg(json_build_object('operatorKey', operator_key, 'productId', product_id, 'maximumPowerKw', maximum_power_kw::text))
  FROM product_fact WHERE operator_key IN (SELECT operator_key FROM evse_fact WHERE evse_key = ANY($3::text[]))`;

/** What belongs to the batch and not to one of its records stands in the first row. */
const SURROUNDINGS = {
  name: 'record-surroundings',
  text: `SELECT r.id, known.contract_ref AS identification_contract, session.contract_ref AS session_contract,
                session.evse_id AS session_evse, session.identification AS session_identification,
                evse.operator_key, evse.time_zone, evse.maximum_power_kw, evse.calibration_law, evse.removed_at,
                EXISTS (SELECT FROM evse_fact) AS network,
                at_evse.session_id AS evse_session, at_evse.seconds::float8 AS evse_seconds,
                of_card.session_id AS card_session, of_card.seconds::float8 AS card_seconds,
                CASE WHEN place = 1 THEN (${PRODUCTS}) END AS products, CASE WHEN place = 1 THEN (${KEYS_OF_EVSES}) END AS keys,
                CASE WHEN place = 1 THEN EXISTS (SELECT FROM meter_key WHERE coalesce(evse_key, '') = '') END AS keys_of_meters
         FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[]) WITH ORDINALITY
           AS r (id, session_key, evse_key, fingerprint, session_start, session_end, place)
         LEFT JOIN contract_identification AS known ON known.fingerprint = r.fingerprint
         LEFT JOIN authorized_session AS session ON session.session_key = r.session_key
         LEFT JOIN evse_fact AS evse ON evse.evse_key = r.evse_key
         LEFT JOIN LATERAL (${overlapping('evse_key', 'r.evse_key')}) AS at_evse ON true
         LEFT JOIN LATERAL (${overlapping('identification_fingerprint', 'r.fingerprint')}) AS of_card ON true`,
};

interface Row {
  readonly id: string;
  readonly identification_contract: string | null;
  readonly session_contract: string | null;
  readonly session_evse: string | null;
  readonly session_identification: string;
  readonly operator_key: string | null;
  readonly time_zone: string | null;
  readonly maximum_power_kw: string | null;
  readonly calibration_law: string | null;
  readonly removed_at: Date | null;
  readonly network: boolean;
  readonly evse_session: string | null;
  readonly evse_seconds: number;
  readonly card_session: string | null;
  readonly card_seconds: number;
  readonly products: readonly Product[] | null;
  readonly keys: readonly KeyOfEvse[] | null;
  readonly keys_of_meters: boolean | null;
}

interface Product {
  readonly operatorKey: string;
  readonly productId: string;
  readonly maximumPowerKw: string | null;
}

const momentOf = (instant: CheckedRecord['facts']['sessionStart']): string | null =>
  instant ? new Date(instant.epochMillis).toISOString() : null;

/** Everything around the records of a batch, in one query. */
export async function surroundingsOf(tx: Transaction, records: readonly CheckedRecord[]): Promise<BatchSurroundings> {
  if (records.length === 0) return { of: new Map(), keys: { ofEvses: new Map(), anyOfMeters: false } };
  const rows = await tx.prepared<Row>(SURROUNDINGS, [
    records.map(({ id }) => id), records.map(({ sessionKey }) => sessionKey),
    records.map(({ facts: { evseId } }) => (evseId === null ? null : evseKey(evseId))),
    records.map(({ fingerprint }) => fingerprint),
    records.map(({ facts }) => momentOf(facts.sessionStart)), records.map(({ facts }) => momentOf(facts.sessionEnd)),
  ]);
  const products = grouped(rows.flatMap((row) => row.products ?? []), ({ operatorKey }) => operatorKey, listedProduct);
  return {
    of: new Map(rows.map((row) => [row.id, {
      identificationContractRef: row.identification_contract, session: sessionOf(row), evse: evseOf(row), overlaps: overlapsOf(row),
      products: products.get(row.operator_key ?? '') ?? [],
    }])),
    keys: {
      ofEvses: keysByEvse(rows.flatMap(({ keys }) => keys ?? [])),
      anyOfMeters: rows.some((row) => row.keys_of_meters === true),
    },
  };
}

const listedProduct = ({ productId, maximumPowerKw }: Product): ListedProduct =>
  ({ productId, maximumPowerKw: maximumPowerKw === null ? null : Decimal.parse(maximumPowerKw) });

function sessionOf(
  row: Pick<Row, 'session_contract' | 'session_evse' | 'session_identification'>,
): AuthorizedSession | null {
  if (row.session_contract === null) return null;
  return {
    contractRef: row.session_contract, identification: row.session_identification,
    evseKey: row.session_evse === null ? null : evseKey(row.session_evse),
  };
}

function evseOf(row: Row): Surroundings['evse'] {
  if (row.operator_key === null) return row.network ? 'unlisted' : 'no-network';
  const power = row.maximum_power_kw === null ? null : Decimal.parse(row.maximum_power_kw);
  return {
    operatorKey: row.operator_key, timeZone: row.time_zone, calibrationLaw: row.calibration_law, removedAt: row.removed_at,
    maximumPowerKw: power?.isGreaterThan(Decimal.zero) === true ? power : null,
  };
}

function overlapsOf(row: Row): readonly Overlap[] {
  const overlap = (of: Overlap['of'], sessionId: string | null, seconds: number): readonly Overlap[] =>
    (sessionId === null ? [] : [{ of, sessionId, seconds: Math.ceil(seconds) }]);
  return [...overlap('evse', row.evse_session, row.evse_seconds), ...overlap('card', row.card_session, row.card_seconds)];
}

/** The sessions we authorized, by their keys. */
export async function sessionsOf(tx: Transaction, sessionKeys: readonly string[]): Promise<ReadonlyMap<string, AuthorizedSession>> {
  const rows = await tx.prepared<Pick<Row, 'session_evse' | 'session_identification'> & { readonly session_key: string; readonly session_contract: string }>({
    name: 'sessions-by-key',
    text: `SELECT session_key, contract_ref AS session_contract, evse_id AS session_evse, identification AS session_identification
           FROM authorized_session WHERE session_key = ANY($1::text[])`,
  }, [sessionKeys]);
  return new Map(rows.flatMap((row) => {
    const session = sessionOf(row);
    return session ? [[row.session_key, session] as const] : [];
  }));
}
