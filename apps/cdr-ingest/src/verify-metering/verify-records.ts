import type { Transaction } from '@emp/database';
import { newId } from '@emp/kernel';
import { evseKey, operatorPrefixOf } from '@emp/oicp';
import type { CheckedRecord } from '../check-records/checked-record.ts';
import { storable } from '../cdrs/storable.ts';
import type { CdrFacts } from '../domain/cdr-facts.ts';
import { billableEnergyKwh } from '../domain/cdr-facts.ts';
import { keyNotice, vouchedKeys, type KnownKey } from '../domain/meter-key-choice.ts';
import { NO_SIGNED_VALUES, type MeteringOutcome } from '../domain/metering-outcome.ts';
import { keysOfMeters, type KnownKeys, type NewMeterKey } from '../meter-keys/meter-key.store.ts';
import type { BilledFigures, MeteringRequest } from './metering-request.ts';
import type { MeteringVerifier } from './metering-verifier.ts';

/** Verifies the signed values of a batch with what the registry of keys knows; outcomes by the records' ids. */
export async function verifyRecords(
  tx: Transaction, verifier: MeteringVerifier, records: readonly CheckedRecord[], registry: KnownKeys,
): Promise<ReadonlyMap<string, MeteringOutcome>> {
  const signed = records.filter((record) => record.signed.values.length > 0);
  if (signed.length === 0) return new Map();
  const atEvse = signed.map((record): WithKeys => ({ record, keys: registry.ofEvses.get(placeOf(record.facts) ?? '') ?? [] }));
  const outcomes = await verifier.verify(atEvse.map(requestOf));
  const judged = atEvse.map((one, index) => ({ ...one, outcome: outcomes[index] ?? NO_SIGNED_VALUES }));

  const meters = registry.anyOfMeters ? unique(judged.flatMap(({ outcome }) => meterOf(outcome) ?? [])) : [];
  const byMeter = await keysOfMeters(tx, meters);
  const known = judged.map((one) => ({ ...one, keys: [...one.keys, ...(byMeter.get(meterOf(one.outcome) ?? '') ?? [])] }));
  // Only other keys to vouch for the signature could make another verdict.
  const again = known.filter((one, index) => !sameTexts(registeredKeys(one), registeredKeys(atEvse[index] ?? one)));
  const better = await verifier.verify(again.map(requestOf));
  const final = new Map(again.map(({ record }, index) => [record.id, better[index] ?? NO_SIGNED_VALUES]));
  return new Map(known.map(({ record: { id, facts }, keys, outcome: first }) => {
    const outcome = final.get(id) ?? first;
    return [id, { ...outcome, keyNotice: keyNotice(outcome, keys, endOf(facts)) }];
  }));
}

/** The keys that records brought and that nobody had seen: to be noted, so that a change is noticed. */
export function firstUses(
  records: readonly CheckedRecord[], outcomes: ReadonlyMap<string, MeteringOutcome>,
): readonly NewMeterKey[] {
  const first = new Map<string, NewMeterKey>();
  for (const { id, sessionId, facts } of records) {
    const { key, keyNotice: notice, meterId } = outcomes.get(id) ?? NO_SIGNED_VALUES;
    const place = placeOf(facts);
    if (notice !== 'first-use' || key === null || place === null || first.has(place)) continue;
    first.set(place, {
      id: newId(), fingerprint: key.fingerprint, publicKey: key.spki, curve: key.curve, meterId: meterOf({ meterId }),
      evseKey: place, evseId: facts.evseId, operatorId: operatorPrefixOf(facts.evseId ?? '') ?? null, origin: 'first-use',
      validFrom: null, validUntil: null, note: null, notedBy: null, firstSessionId: sessionId,
    });
  }
  return [...first.values()];
}

interface WithKeys {
  readonly record: CheckedRecord;
  readonly keys: readonly KnownKey[];
}

const requestOf = (one: WithKeys): MeteringRequest => ({
  ...one.record.signed, billed: billedFigures(one.record.facts), registeredKeys: registeredKeys(one),
});

const registeredKeys = ({ record: { facts }, keys }: WithKeys): readonly string[] =>
  unique(vouchedKeys(keys, endOf(facts)).map(({ publicKey }) => publicKey));

const sameTexts = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((text, at) => text === other[at]);

function billedFigures(facts: CdrFacts): BilledFigures {
  return {
    energyKwh: billableEnergyKwh(facts)?.toString() ?? '',
    meterStartKwh: facts.meterStartKwh?.toString() ?? '', meterEndKwh: facts.meterEndKwh?.toString() ?? '',
    chargingStart: facts.chargingStart?.text ?? '', chargingEnd: facts.chargingEnd?.text ?? '',
    sessionStart: facts.sessionStart?.text ?? '', sessionEnd: facts.sessionEnd?.text ?? '',
  };
}

const placeOf = ({ evseId }: CdrFacts): string | null => (evseId === null ? null : evseKey(evseId));
const meterOf = ({ meterId }: Pick<MeteringOutcome, 'meterId'>): string | null => (meterId === null ? null : storable(meterId));
const endOf = ({ sessionEnd, sessionStart }: CdrFacts): number => (sessionEnd ?? sessionStart)?.epochMillis ?? 0;
const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
