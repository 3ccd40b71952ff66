import type { Queryable, Transaction } from '@emp/database';
import type { SignedMetering } from '@emp/events';
import { signedMeteringOf } from '../cdrs/cdr-events.ts';
import { storable, storableJson } from '../cdrs/storable.ts';
import { NO_SIGNED_VALUES, originOf, type MeteringOutcome } from '../domain/metering-outcome.ts';

const STORE = {
  name: 'cdr-metering-store',
  text: `INSERT INTO cdr_metering (cdr_id, verdict, code, reason, origin, questions, energy_kwh, signed_begin, signed_end,
           key_fingerprint, meter_id, signed_values, verified_at)
         SELECT *, $13::timestamptz FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::numeric[],
           $8::text[], $9::text[], $10::text[], $11::text[], $12::jsonb[])
         ON CONFLICT (cdr_id) DO UPDATE SET verdict = excluded.verdict, code = excluded.code, reason = excluded.reason,
           origin = excluded.origin, questions = excluded.questions, energy_kwh = excluded.energy_kwh,
           signed_begin = excluded.signed_begin, signed_end = excluded.signed_end, key_fingerprint = excluded.key_fingerprint,
           meter_id = excluded.meter_id, signed_values = excluded.signed_values, verified_at = excluded.verified_at`,
};

/** Keeps what the signed values of records prove, by the ids of their rows. Records without signed values have no row. */
export async function storeMetering(
  tx: Transaction, outcomes: readonly (readonly [cdrId: string, outcome: MeteringOutcome])[], now: Date,
): Promise<void> {
  const signed = outcomes.filter(([, { verdict }]) => verdict !== 'absent');
  if (signed.length === 0) return;
  const column = <T>(of: (outcome: MeteringOutcome) => T): T[] => signed.map(([, outcome]) => of(outcome));
  const text = (of: (outcome: MeteringOutcome) => string | null): (string | null)[] =>
    column((outcome) => storableOrNull(of(outcome)));
  await tx.prepared(STORE, [
    signed.map(([id]) => id), column(({ verdict }) => verdict), column(({ code }) => code), text(({ reason }) => reason),
    column(originOf), column(({ questions, differences }) => storableJson({ ...questions, differences })),
    column(({ energyKwh }) => energyKwh), text(({ begin }) => begin), text(({ end }) => end),
    column(({ key }) => key?.fingerprint ?? null), text(({ meterId }) => meterId),
    column(({ values }) => storableJson(values)), now,
  ]);
}

/** What was kept of records, as events tell it; of a record without signed values, that they are absent. */
export async function storedMetering(
  database: Queryable, cdrIds: readonly string[],
): Promise<(cdrId: string) => SignedMetering> {
  const rows = await database.query<SignedMetering & { readonly cdr_id: string }>(
    `SELECT cdr_id, verdict, CASE WHEN verdict <> 'valid' THEN reason END AS reason, origin, energy_kwh AS "energyKwh"
     FROM cdr_metering WHERE cdr_id = ANY($1::text[])`, [cdrIds],
  );
  const kept = new Map(rows.map(({ cdr_id, ...metering }) => [cdr_id, metering]));
  return (cdrId) => kept.get(cdrId) ?? signedMeteringOf(NO_SIGNED_VALUES);
}

const storableOrNull = (text: string | null): string | null => (text === null ? null : storable(text));
