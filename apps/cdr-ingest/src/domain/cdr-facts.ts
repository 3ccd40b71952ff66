import type { OffsetDateTime } from '@emp/kernel';
import type { Decimal } from '@emp/money';

/** Who charged, as far as a record says so; `rfid` is a card, the others name a contract (OICP §6.4). */
export type IdentificationKind = 'rfid' | 'qr' | 'plug-and-charge' | 'remote' | 'none';

/**
 * What a charge detail record tells (OICP §8.3), read once. `null` = the record does not say, or not readably: members
 * that the specification calls mandatory are missing in records of older operators (OICP §15).
 */
export interface CdrFacts {
  /** As the record spells it. */
  readonly evseId: string | null;
  readonly partnerProductId: string | null;
  readonly sessionStart: OffsetDateTime | null;
  readonly sessionEnd: OffsetDateTime | null;
  readonly chargingStart: OffsetDateTime | null;
  readonly chargingEnd: OffsetDateTime | null;
  /** kWh, as billed by the operator. */
  readonly consumedEnergyKwh: Decimal | null;
  /** kWh, the meter's counter. */
  readonly meterStartKwh: Decimal | null;
  readonly meterEndKwh: Decimal | null;
  /** kWh, the counter in between, in the order of the record. */
  readonly meterInBetweenKwh: readonly Decimal[];
  readonly identification: IdentificationKind;
}

/**
 * The energy to bill, kWh: `ConsumedEnergy`, or the difference of the meter readings for records of operators that do
 * not send it. `null` if the record tells neither.
 */
export function billableEnergyKwh(facts: CdrFacts): Decimal | null {
  if (facts.consumedEnergyKwh) return facts.consumedEnergyKwh;
  if (!facts.meterStartKwh || !facts.meterEndKwh) return null;
  return facts.meterEndKwh.minus(facts.meterStartKwh);
}
