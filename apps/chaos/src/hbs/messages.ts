import type { SessionPlan } from '../schedule/sessions.ts';

/** A session with its instants: it ends when it is told, and began so many minutes before. */
export interface ToldSession {
  readonly plan: SessionPlan;
  readonly uid: string;
  readonly endedAtMs: number;
}

export const OPERATOR = 'DE*SIM';

const kWh = (wattHours: number): number => wattHours / 1000;
/** A meter's counter: different for each session, exact to the watt-hour. */
const meterStartWh = ({ plan }: ToldSession): number => 1_000_000 + plan.number * 137;
/** As a station in Berlin writes it in winter; whole seconds. */
const at = (epochMs: number): string => `${new Date(epochMs + 3_600_000).toISOString().slice(0, 19)}+01:00`;
const startMs = ({ plan, endedAtMs }: ToldSession): number => endedAtMs - plan.minutes * 60_000;

const common = (told: ToldSession): Readonly<Record<string, unknown>> => ({
  SessionID: told.plan.sessionId,
  CPOPartnerSessionID: `chaos-${told.plan.number}`,
  EMPPartnerSessionID: null,
  Identification: {
    RFIDMifareFamilyIdentification: { UID: told.uid },
    RFIDIdentification: null,
    QRCodeIdentification: null,
    PlugAndChargeIdentification: null,
    RemoteIdentification: null,
  },
  EvseID: told.plan.evseId,
});

/** eRoamingAuthorizeStart (OICP §8.1). */
export const authorizeStart = (told: ToldSession): string =>
  JSON.stringify({ ...common(told), OperatorID: OPERATOR, PartnerProductID: 'DC' });

/** eRoamingChargingNotifications (OICP §8.4) of the type Start. */
export const startNotification = (told: ToldSession): string =>
  JSON.stringify({
    Type: 'Start',
    ...common(told),
    OperatorID: OPERATOR,
    PartnerProductID: 'DC',
    ChargingStart: at(startMs(told)),
    SessionStart: at(startMs(told)),
    MeterValueStart: kWh(meterStartWh(told)),
  });

/** … and of the type End. */
export const endNotification = (told: ToldSession): string =>
  JSON.stringify({
    Type: 'End',
    ...common(told),
    OperatorID: OPERATOR,
    PartnerProductID: 'DC',
    ChargingStart: at(startMs(told)),
    ChargingEnd: at(told.endedAtMs),
    SessionStart: at(startMs(told)),
    SessionEnd: null,
    ConsumedEnergy: kWh(told.plan.energyWh),
    MeterValueStart: kWh(meterStartWh(told)),
    MeterValueEnd: kWh(meterStartWh(told) + told.plan.energyWh),
    MeterValueInBetween: null,
    PenaltyTimeStart: null,
  });

/** eRoamingChargeDetailRecord (OICP §8.3), nulls included; the same text however often it is sent. */
export const chargeDetailRecord = (told: ToldSession): string =>
  JSON.stringify({
    ...common(told),
    PartnerProductID: 'DC',
    ChargingStart: at(startMs(told)),
    ChargingEnd: at(told.endedAtMs),
    SessionStart: at(startMs(told)),
    SessionEnd: at(told.endedAtMs),
    MeterValueStart: kWh(meterStartWh(told)),
    MeterValueEnd: kWh(meterStartWh(told) + told.plan.energyWh),
    MeterValueInBetween: { meterValues: [kWh(meterStartWh(told) + Math.floor(told.plan.energyWh / 2))] },
    ConsumedEnergy: kWh(told.plan.energyWh),
    SignedMeteringValues: null,
    CalibrationLawVerificationInfo: null,
    HubOperatorID: null,
    HubProviderID: null,
  });
