import {
  ACCESSIBILITIES, AUTHENTICATION_MODES, CALIBRATION_LAW_DATA_AVAILABILITIES, GEO_COORDINATES_FORMATS,
  type Accessibility, type AuthenticationMode, type CalibrationLawDataAvailability, type GeoCoordinatesFormat,
} from '../enums/evse.ts';
import type { OpenLiteral } from '../enums/open-literal.ts';
import { country, dateTime, operatorId, providerId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { flag, list, literal, object } from '../member/types.ts';
import { SearchCenter } from '../types/search-center.ts';

/** We ask for EVSE data; eRoamingPullEvseData 2.3 (OICP §7.6). The two essential members suffice (E-06). */
export class PullEvseData {
  @Member(providerId, 'essential')
  readonly ProviderID!: string;

  /** Ask for `DecimalDegree`; its name is printed with a blank inside (E-05). §7.6 */
  @Member(literal(GEO_COORDINATES_FORMATS), 'essential', { aliases: ['GeoCoordinatesRe sponseFormat'], erratum: 'E-05' })
  readonly GeoCoordinatesResponseFormat!: OpenLiteral<GeoCoordinatesFormat>;

  /** Not together with LastCall. §7.6 */
  @Member(object(() => SearchCenter), 'optional')
  readonly SearchCenter?: SearchCenter;

  /** Only what changed since; not together with SearchCenter, CountryCodes, OperatorIds (E-07). §7.6 */
  @Member(dateTime, 'optional')
  readonly LastCall?: string;

  /** Alpha-3; not together with LastCall. §7.6 */
  @Member(list(country), 'optional')
  readonly CountryCodes?: readonly string[];

  /** With a lower-case d, unlike the pricing pulls (E-04); not together with LastCall. §7.6 */
  @Member(list(operatorId), 'optional', { aliases: ['OperatorIDs'], erratum: 'E-04' })
  readonly OperatorIds?: readonly string[];

  @Member(list(literal(AUTHENTICATION_MODES)), 'optional')
  readonly AuthenticationModes?: readonly OpenLiteral<AuthenticationMode>[];

  @Member(list(literal(ACCESSIBILITIES)), 'optional')
  readonly Accessibility?: readonly OpenLiteral<Accessibility>[];

  @Member(list(literal(CALIBRATION_LAW_DATA_AVAILABILITIES)), 'optional')
  readonly CalibrationLawDataAvailability?: readonly OpenLiteral<CalibrationLawDataAvailability>[];

  @Member(flag, 'optional')
  readonly RenewableEnergy?: boolean;

  @Member(flag, 'optional')
  readonly IsHubjectCompatible?: boolean;

  @Member(flag, 'optional')
  readonly IsOpen24Hours?: boolean;
}
