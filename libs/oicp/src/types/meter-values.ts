import { Member } from '../member/member.ts';
import { decimal, list } from '../member/types.ts';

/** kWh with three decimals, as §3 writes "Decimal (,3)". */
export const kilowattHours = decimal({ places: 3 });

/** Meter values between start and end. The text says "list", the wire is this object (E-29). §8.3 */
export class MeterValueInBetween {
  /** kWh, decimal texts, rising. §8.3 */
  @Member(list(kilowattHours), 'mandatory')
  readonly meterValues?: readonly string[];
}
