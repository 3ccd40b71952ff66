import { OPENING_DAYS, type OpeningDay } from '../enums/evse.ts';
import type { OpenLiteral } from '../enums/open-literal.ts';
import { timeOfDay } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { list, literal, object } from '../member/types.ts';

/** A span of a day; `end` before `begin` reaches past midnight. §9.5 */
export class Period {
  /** `hh:mm` */
  @Member(timeOfDay, 'essential')
  readonly begin!: string;

  /** `hh:mm`; `24:00` is the end of the day. */
  @Member(timeOfDay, 'essential')
  readonly end!: string;
}

/** When an EVSE is open. §9.5 */
export class OpeningTimes {
  /** A list although its name is singular; an object occurs (E-14). §9.5 */
  @Member(list(object(() => Period), { erratum: 'E-14' }), 'mandatory', { aliases: ['Periods'], erratum: 'E-14' })
  readonly Period?: readonly Period[];

  /** Day or days; the table prints `On` (E-14). §9.5 */
  @Member(literal(OPENING_DAYS), 'mandatory', { aliases: ['On'], erratum: 'E-14' })
  readonly on?: OpenLiteral<OpeningDay>;
}

/** When a price is valid: as OpeningTimes, but the list is called `Periods` (E-15). §7.9 */
export class ProductAvailabilityTimes {
  @Member(list(object(() => Period), { erratum: 'E-15' }), 'mandatory', { aliases: ['Period'], erratum: 'E-15' })
  readonly Periods?: readonly Period[];

  @Member(literal(OPENING_DAYS), 'mandatory', { aliases: ['On'], erratum: 'E-14' })
  readonly on?: OpenLiteral<OpeningDay>;
}
