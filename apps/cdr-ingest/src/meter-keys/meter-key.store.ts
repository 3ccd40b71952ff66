import type { Queryable, Transaction } from '@emp/database';
import { grouped } from '../domain/grouped.ts';
import type { KnownKey } from '../domain/meter-key-choice.ts';

/** A key of the registry with the place it belongs to. */
export interface PlacedKey extends KnownKey {
  readonly evseKey: string | null;
  readonly meterId: string | null;
}

interface Row {
  readonly fingerprint: string;
  readonly public_key: string;
  readonly origin: KnownKey['origin'];
  readonly valid_from: Date | null;
  readonly valid_until: Date | null;
  readonly revoked_at: Date | null;
  readonly noted_at: Date;
  readonly evse_key: string | null;
  readonly meter_id: string | null;
}

const COLUMNS = 'fingerprint, public_key, origin, valid_from, valid_until, revoked_at, noted_at, evse_key, meter_id';
const BY_METER = {
  name: 'meter-key-meter', text: `SELECT ${COLUMNS} FROM meter_key WHERE evse_key IS NULL AND meter_id = ANY($1::text[])`,
};

/** The registry's keys as a batch of records is verified with them. */
export interface KnownKeys {
  /** All keys by EVSE, revoked and outdated ones, too. */
  readonly ofEvses: ReadonlyMap<string, readonly KnownKey[]>;
  /** Whether any key is registered for a meter, wherever it stands. */
  readonly anyOfMeters: boolean;
}

/** A key of an EVSE as JSON: `KEYS_OF_EVSES` makes a list of them, or null, for the EVSEs that $3 names. */
export interface KeyOfEvse extends Record<'validFrom' | 'validUntil' | 'revokedAt', string | null> {
  readonly evseKey: string;
  readonly fingerprint: string;
  readonly publicKey: string;
  readonly origin: KnownKey['origin'];
  readonly notedAt: string;
}

export const KEYS_OF_EVSES = `
  SELECT json_agg(json_build_object('evseKey', evse_key, 'fingerprint', fingerprint, 'publicKey', public_key, 'origin', origin,
    'validFrom', valid_from, 'validUntil', valid_until, 'revokedAt', revoked_at, 'notedAt', noted_at))
  FROM meter_key WHERE coalesce(evse_key, '') = ANY($3::text[]) AND evse_key IS NOT NULL`;

export function keysByEvse(keys: readonly KeyOfEvse[]): ReadonlyMap<string, readonly KnownKey[]> {
  return grouped(keys, ({ evseKey }) => evseKey, ({ fingerprint, publicKey, origin, validFrom, validUntil, revokedAt, notedAt }) => ({
    fingerprint, publicKey, origin, validFrom: momentOf(validFrom), validUntil: momentOf(validUntil), revokedAt: momentOf(revokedAt),
    notedAt: new Date(notedAt),
  }));
}

const momentOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

/** All keys that are registered for these meters, wherever they stand. */
export async function keysOfMeters(database: Queryable, meterIds: readonly string[]): Promise<ReadonlyMap<string, readonly PlacedKey[]>> {
  const keys = meterIds.length === 0 ? [] : await database.prepared<Row>(BY_METER, [meterIds]);
  return grouped(keys.map(placedKey), ({ meterId }) => meterId ?? '', (key) => key);
}

/** A key as it comes into the registry. */
export interface NewMeterKey {
  readonly id: string;
  readonly fingerprint: string;
  readonly publicKey: string;
  readonly curve: string;
  readonly meterId: string | null;
  readonly evseKey: string | null;
  readonly evseId: string | null;
  readonly operatorId: string | null;
  readonly origin: KnownKey['origin'];
  readonly validFrom: Date | null;
  readonly validUntil: Date | null;
  readonly note: string | null;
  /** The caller who brought it; `null` = a record did. */
  readonly notedBy: string | null;
  readonly firstSessionId: string | null;
}

const INSERTED = `INSERT INTO meter_key AS known (id, fingerprint, public_key, curve, meter_id, evse_key, evse_id, operator_id, origin,
    valid_from, valid_until, note, noted_by, first_session_id, noted_at)
  SELECT *, $15::timestamptz FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::text[], $9::text[], $10::timestamptz[], $11::timestamptz[], $12::text[], $13::text[],
    $14::text[])
  ON CONFLICT ((coalesce(evse_key, '')), (coalesce(meter_id, '')), fingerprint)`;

/** Notes keys that records brought; what is known already stays as it is. */
export async function noteFirstUses(tx: Transaction, keys: readonly NewMeterKey[], now: Date): Promise<void> {
  if (keys.length > 0) await tx.execute(`${INSERTED} DO NOTHING`, parameters(keys, now));
}

/** Registers keys; one that stands there for the same place is replaced, also if it was revoked. Returns their ids. */
export async function registerKeys(tx: Transaction, keys: readonly NewMeterKey[], now: Date): Promise<readonly string[]> {
  if (keys.length === 0) return [];
  const rows = await tx.query<{ id: string }>(
    `${INSERTED} DO UPDATE SET origin = excluded.origin, evse_id = excluded.evse_id,
       operator_id = coalesce(excluded.operator_id, known.operator_id), valid_from = excluded.valid_from,
       valid_until = excluded.valid_until, note = excluded.note, noted_by = excluded.noted_by, revoked_at = NULL,
       revocation_reason = NULL, revoked_by = NULL
     RETURNING id`, parameters(keys, now),
  );
  return rows.map(({ id }) => id);
}

/** Takes a key's word away from now on; it stays as evidence. `undefined` if there is none of this id. */
export async function revokeKey(
  tx: Transaction, id: string, by: { readonly reason: string | null; readonly caller: string; readonly now: Date },
): Promise<Pick<PlacedKey, 'evseKey' | 'meterId'> | undefined> {
  const [row] = await tx.query<{ evse_key: string | null; meter_id: string | null }>(
    `UPDATE meter_key SET revoked_at = coalesce(revoked_at, $2), revocation_reason = coalesce(revocation_reason, $3),
       revoked_by = coalesce(revoked_by, $4)
     WHERE id = $1 RETURNING evse_key, meter_id`, [id, by.now, by.reason, by.caller],
  );
  return row && { evseKey: row.evse_key, meterId: row.meter_id };
}

function parameters(keys: readonly NewMeterKey[], now: Date): readonly unknown[] {
  const sorted = [...keys].sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
  const members = [
    'id', 'fingerprint', 'publicKey', 'curve', 'meterId', 'evseKey', 'evseId', 'operatorId', 'origin', 'validFrom', 'validUntil',
    'note', 'notedBy', 'firstSessionId',
  ] as const;
  return [...members.map((member) => sorted.map((key) => key[member])), now];
}

/** One order for everyone, so that nobody waits for the other. */
export const placeOf = ({ evseKey, meterId, fingerprint }: Pick<NewMeterKey, 'evseKey' | 'meterId' | 'fingerprint'>): string =>
  JSON.stringify([evseKey, meterId, fingerprint]);

function placedKey(row: Row): PlacedKey {
  return {
    fingerprint: row.fingerprint, publicKey: row.public_key, origin: row.origin, validFrom: row.valid_from,
    validUntil: row.valid_until, revokedAt: row.revoked_at, notedAt: row.noted_at, evseKey: row.evse_key, meterId: row.meter_id,
  };
}
