import { CHARGING_NOTIFICATION_TYPES, ERROR_TYPES, type ChargingNotificationType, type ErrorType } from '../enums/session.ts';
import type { OpenLiteral } from '../enums/open-literal.ts';
import { dateTime, evseId, operatorId, partnerSessionId, productId, sessionId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { count, literal, object, text } from '../member/types.ts';
import { Identification } from '../types/identification.ts';
import { kilowattHours, MeterValueInBetween } from '../types/meter-values.ts';

const errorType = literal(ERROR_TYPES, {
  spellings: { 'Connector Error': 'ConnectorError', 'Critical Error': 'CriticalError' },
  erratum: 'E-35',
});

/**
 * How a session goes on; eRoamingChargingNotifications 1.1, all four types in one class (OICP §8.4). Telemetry: may
 * come twice, late, or never. Which members a type demands is a cross-field rule.
 */
export class ChargingNotification {
  /** `Start`: energy flows. `End`: it stopped, the car may still block. `Error`: the driver should look. §8.4 */
  @Member(literal(CHARGING_NOTIFICATION_TYPES), 'essential')
  readonly Type!: OpenLiteral<ChargingNotificationType>;

  @Member(sessionId, 'essential')
  readonly SessionID!: string;

  /** ≤ 250. §5 */
  @Member(partnerSessionId, 'optional')
  readonly CPOPartnerSessionID?: string;

  /** ≤ 250. §5 */
  @Member(partnerSessionId, 'optional')
  readonly EMPPartnerSessionID?: string;

  /** Optional, though documents disagree (E-36). §8.4 */
  @Member(object(() => Identification), 'optional')
  readonly Identification?: Identification;

  @Member(evseId, 'mandatory')
  readonly EvseID?: string;

  /** Optional, though documents disagree (E-36). §8.4 */
  @Member(operatorId, 'optional')
  readonly OperatorID?: string;

  /** ≤ 50. Not with Error. §8.4 */
  @Member(productId, 'optional')
  readonly PartnerProductID?: string;

  /** Mandatory with Start and Progress. §8.4 */
  @Member(dateTime, 'optional')
  readonly ChargingStart?: string;

  /** Mandatory with End. §8.4 */
  @Member(dateTime, 'optional')
  readonly ChargingEnd?: string;

  @Member(dateTime, 'optional')
  readonly SessionStart?: string;

  /** Only with End. §8.4 */
  @Member(dateTime, 'optional')
  readonly SessionEnd?: string;

  /** Mandatory with Progress. §8.4 */
  @Member(dateTime, 'optional')
  readonly EventOccurred?: string;

  /** Milliseconds: EventOccurred − ChargingStart (E-34). Only with Progress. §8.4 */
  @Member(count({ min: 0 }), 'optional')
  readonly ChargingDuration?: number;

  /** kWh so far, decimal text. Only with Progress; this or ChargingDuration. §8.4 */
  @Member(kilowattHours, 'optional')
  readonly ConsumedEnergyProgress?: string;

  /** kWh, decimal text; not for billing. Only with End. §8.4 */
  @Member(kilowattHours, 'optional')
  readonly ConsumedEnergy?: string;

  /** kWh, decimal text. §8.4 */
  @Member(kilowattHours, 'optional')
  readonly MeterValueStart?: string;

  /** kWh, decimal text. Only with End. §8.4 */
  @Member(kilowattHours, 'optional')
  readonly MeterValueEnd?: string;

  /** kWh. With Progress and End. §8.4 */
  @Member(object(() => MeterValueInBetween, { bareListIs: 'meterValues', erratum: 'E-29' }), 'optional')
  readonly MeterValueInBetween?: MeterValueInBetween;

  /** When the blocking fee begins, after the grace period. Only with End. §8.4 */
  @Member(dateTime, 'optional')
  readonly PenaltyTimeStart?: string;

  /** Mandatory with Error; prose calls it ErrorClass (E-35). §10 */
  @Member(errorType, 'optional', { aliases: ['ErrorClass'], erratum: 'E-35' })
  readonly ErrorType?: OpenLiteral<ErrorType>;

  /** ≤ 250. Only with Error. §8.4 */
  @Member(text({ max: 250 }), 'optional')
  readonly ErrorAdditionalInfo?: string;
}
