import { CHARGING_MODES, POWER_TYPES, type ChargingMode, type PowerType } from '../enums/evse.ts';
import type { OpenLiteral } from '../enums/open-literal.ts';
import { notMatching } from '../member/constraint.ts';
import { Member } from '../member/member.ts';
import { count, decimal, list, literal } from '../member/types.ts';

/** The text's limits (two digits of amperes) cannot be met by fast chargers; real values exceed all of them. */
const disputed = { severity: 'warning', erratum: 'E-13' } as const;

/** One way to charge at an EVSE. §9.4 */
export class ChargingFacility {
  /** Null for partners on OICP 2.2. §9.4, §15 */
  @Member(literal(POWER_TYPES), 'mandatory', { aliases: ['powertype'] })
  readonly PowerType?: OpenLiteral<PowerType>;

  /** kW, decimal text; fractions occur (22.5). §9.4, E-13 */
  @Member(decimal({
    places: 0, weight: disputed,
    pattern: notMatching('zero-power', /^0(?:\.0*)?$/, 'more than 0 kW', { severity: 'warning' }),
  }), 'mandatory', { aliases: ['power'] })
  readonly Power?: string;

  /** Volt, line to neutral; ≤ 999 by the text. §9.4, E-13 */
  @Member(count({ min: 0, max: 999, weight: disputed }), 'optional')
  readonly Voltage?: number;

  /** Ampere; ≤ 99 by the text. §9.4, E-13 */
  @Member(count({ min: 0, max: 99, weight: disputed }), 'optional')
  readonly Amperage?: number;

  @Member(list(literal(CHARGING_MODES)), 'optional')
  readonly ChargingModes?: readonly OpenLiteral<ChargingMode>[];
}
