import { country, timeZone } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { flag, text } from '../member/types.ts';

const loose = { severity: 'warning' } as const;

/** An address by ISO 19773 (OICP §9.2). */
export class Address {
  /** ISO 3166-1 alpha-3, unlike the ids, which begin with alpha-2 (E-47). §9.2 */
  @Member(country, 'mandatory')
  readonly Country?: string;

  /** 1–50. §9.2 */
  @Member(text({ min: 1, max: 50, weight: loose }), 'mandatory')
  readonly City?: string;

  /** 2–100; operators pad short ones with underscores. §9.2 */
  @Member(text({ min: 2, max: 100, weight: loose }), 'mandatory')
  readonly Street?: string;

  /** ≤ 10; null for partners on OICP 2.2. §9.2, §15 */
  @Member(text({ min: 1, max: 10, weight: loose }), 'mandatory')
  readonly PostalCode?: string;

  /** ≤ 10; null for partners on OICP 2.2. §9.2, §15 */
  @Member(text({ min: 1, max: 10, weight: loose }), 'mandatory')
  readonly HouseNum?: string;

  /** ≤ 5. §9.2 */
  @Member(text({ max: 5, weight: loose }), 'optional')
  readonly Floor?: string;

  /** ≤ 50. §9.2 */
  @Member(text({ max: 50, weight: loose }), 'optional')
  readonly Region?: string;

  @Member(flag, 'optional')
  readonly ParkingFacility?: boolean;

  /** ≤ 5. §9.2 */
  @Member(text({ max: 5, weight: loose }), 'optional')
  readonly ParkingSpot?: string;

  /** `UTC±hh:mm`, a fixed offset that knows no summer time: take the zone from the position (E-48). §9.2 */
  @Member(timeZone, 'optional')
  readonly TimeZone?: string;
}
