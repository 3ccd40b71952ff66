import { ENERGIES, type Energy } from '../enums/evse.ts';
import type { OpenLiteral } from '../enums/open-literal.ts';
import { Member } from '../member/member.ts';
import { count, decimal, literal } from '../member/types.ts';

/** A share of an EVSE's energy mix. §9.1 */
export class EnergySource {
  @Member(literal(ENERGIES), 'optional')
  readonly Energy?: OpenLiteral<Energy>;

  /** Percent, 0–100; the text allows two digits only (E-16). §9.1 */
  @Member(count({ min: 0, max: 100, weight: { erratum: 'E-16' } }), 'optional')
  readonly Percentage?: number;
}

/** What the energy of an EVSE costs nature. §9.1 */
export class EnvironmentalImpact {
  /** g/kWh. §9.1 */
  @Member(decimal(), 'optional')
  readonly CO2Emission?: string;

  /** g/kWh. §9.1 */
  @Member(decimal(), 'optional')
  readonly NuclearWaste?: string;
}
