import { dateTime, evseId, operatorId, partnerSessionId, productId, providerId, sessionId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { list, object } from '../member/types.ts';
import { CalibrationLawVerificationInfo, SignedMeteringValue } from '../types/calibration-law.ts';
import { Identification } from '../types/identification.ts';
import { kilowattHours, MeterValueInBetween } from '../types/meter-values.ts';

/** What a session was; eRoamingChargeDetailRecord 2.2 (OICP §8.3). One per session. */
export class ChargeDetailRecord {
  /** Unique: HBS accepts one record per session. §5 */
  @Member(sessionId, 'essential')
  readonly SessionID!: string;

  /** ≤ 250. §5 */
  @Member(partnerSessionId, 'optional')
  readonly CPOPartnerSessionID?: string;

  /** ≤ 250. §5 */
  @Member(partnerSessionId, 'optional')
  readonly EMPPartnerSessionID?: string;

  /** ≤ 50; arbitrary in practice (E-43). §8.3 */
  @Member(productId, 'optional')
  readonly PartnerProductID?: string;

  @Member(evseId, 'mandatory')
  readonly EvseID?: string;

  /** Whatever started the session. §6.4 */
  @Member(object(() => Identification), 'mandatory')
  readonly Identification?: Identification;

  /** Null for operators on OICP 2.2 (E-32). §8.3 */
  @Member(dateTime, 'mandatory', { erratum: 'E-32' })
  readonly ChargingStart?: string;

  /** Null for operators on OICP 2.2 (E-32). §8.3 */
  @Member(dateTime, 'mandatory', { erratum: 'E-32' })
  readonly ChargingEnd?: string;

  /** With the local offset of the station. §3 */
  @Member(dateTime, 'mandatory')
  readonly SessionStart?: string;

  @Member(dateTime, 'mandatory')
  readonly SessionEnd?: string;

  /** kWh, decimal text. §8.3 */
  @Member(kilowattHours, 'optional')
  readonly MeterValueStart?: string;

  /** kWh, decimal text. §8.3 */
  @Member(kilowattHours, 'optional')
  readonly MeterValueEnd?: string;

  /** kWh; a bare list occurs (E-29). §8.3 */
  @Member(object(() => MeterValueInBetween, { bareListIs: 'meterValues', erratum: 'E-29' }), 'optional')
  readonly MeterValueInBetween?: MeterValueInBetween;

  /** kWh, decimal text; null for operators on OICP 2.2 (E-32). §8.3 */
  @Member(kilowattHours, 'mandatory', { erratum: 'E-32' })
  readonly ConsumedEnergy?: string;

  /** At most ten: Start, up to eight of Progress, End. §12 */
  @Member(list(object(() => SignedMeteringValue)), 'optional')
  readonly SignedMeteringValues?: readonly SignedMeteringValue[];

  @Member(object(() => CalibrationLawVerificationInfo), 'optional')
  readonly CalibrationLawVerificationInfo?: CalibrationLawVerificationInfo;

  /** Operator that owns the connection. §6.5 */
  @Member(operatorId, 'optional', { aliases: ['HubOperatorId'], erratum: 'E-28' })
  readonly HubOperatorID?: string;

  /** Provider that owns the connection. §6.5 */
  @Member(providerId, 'optional', { aliases: ['HubProviderId'], erratum: 'E-28' })
  readonly HubProviderID?: string;
}
