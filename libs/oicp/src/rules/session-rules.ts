import { ChargeDetailRecord } from '../messages/charge-detail-record.ts';
import { ChargingNotification } from '../messages/charging-notification.ts';
import { crossRules, type Complain, type CrossRule } from './cross-rules.ts';
import { instantOf, isAfter } from './instants.ts';

/** Milliseconds between the stated duration of progress and the time between its two moments. */
export const DURATION_TOLERANCE_MS = 1000;

interface Instants {
  readonly SessionStart?: string;
  readonly ChargingStart?: string;
  readonly ChargingEnd?: string;
  readonly SessionEnd?: string;
}

/** What HBS itself refuses; the record cannot have come through it since the rule exists. */
const chargingEndsAfterItBegan: CrossRule<Instants> = {
  code: 'instants-disordered', severity: 'error', source: '§8.3, refused by HBS with 022',
  check: ({ ChargingStart, ChargingEnd }, complain) => {
    if (isAfter(ChargingStart, ChargingEnd)) complain('ChargingEnd', 'a moment not before ChargingStart');
  },
};

const chargingLiesInTheSession: CrossRule<Instants> = {
  code: 'instants-disordered', severity: 'warning', source: '§8.3', erratum: 'E-60',
  check: ({ SessionStart, ChargingStart, ChargingEnd, SessionEnd }, complain) => {
    if (isAfter(SessionStart, ChargingStart)) complain('ChargingStart', 'a moment not before SessionStart');
    if (isAfter(ChargingEnd, SessionEnd)) complain('SessionEnd', 'a moment not before ChargingEnd');
    if (isAfter(SessionStart, SessionEnd)) complain('SessionEnd', 'a moment not before SessionStart');
    if (isAfter(ChargingStart, SessionEnd)) complain('ChargingStart', 'a moment not after SessionEnd');
  },
};

crossRules(ChargeDetailRecord, chargingEndsAfterItBegan, chargingLiesInTheSession);

type Member = keyof ChargingNotification & string;

/** Members a type of notification must have, and members it must not have (the table of §8.4). */
export const MEMBERS_OF_NOTIFICATIONS: Readonly<Record<string, { must: readonly Member[]; not: readonly Member[] }>> = {
  Start: {
    must: ['ChargingStart'],
    not: ['ChargingEnd', 'SessionEnd', 'EventOccurred', 'ChargingDuration', 'ConsumedEnergyProgress', 'ConsumedEnergy',
      'MeterValueEnd', 'MeterValueInBetween', 'PenaltyTimeStart', 'ErrorType', 'ErrorAdditionalInfo'],
  },
  Progress: {
    must: ['ChargingStart', 'EventOccurred'],
    not: ['ChargingEnd', 'SessionEnd', 'ConsumedEnergy', 'MeterValueEnd', 'PenaltyTimeStart', 'ErrorType', 'ErrorAdditionalInfo'],
  },
  End: {
    must: ['ChargingEnd'],
    not: ['EventOccurred', 'ChargingDuration', 'ConsumedEnergyProgress', 'ErrorType', 'ErrorAdditionalInfo'],
  },
  Error: {
    must: ['ErrorType'],
    not: ['PartnerProductID', 'ChargingStart', 'ChargingEnd', 'SessionStart', 'SessionEnd', 'EventOccurred',
      'ChargingDuration', 'ConsumedEnergyProgress', 'ConsumedEnergy', 'MeterValueStart', 'MeterValueEnd',
      'MeterValueInBetween', 'PenaltyTimeStart'],
  },
};

const isThere = (notification: ChargingNotification, member: Member): boolean =>
  notification[member] !== undefined && notification[member] !== null;

crossRules(ChargingNotification, chargingEndsAfterItBegan, chargingLiesInTheSession, {
  code: 'member-missing', severity: 'error', source: '§8.4',
  check: (notification, complain) => {
    for (const member of MEMBERS_OF_NOTIFICATIONS[notification.Type]?.must ?? []) {
      if (!isThere(notification, member)) complain(member, `${member} with type ${notification.Type}`);
    }
  },
}, {
  code: 'member-not-allowed', severity: 'warning', source: '§8.4',
  check: (notification, complain) => {
    for (const member of MEMBERS_OF_NOTIFICATIONS[notification.Type]?.not ?? []) {
      if (isThere(notification, member)) complain(member, `no ${member} with type ${notification.Type}`);
    }
  },
}, {
  code: 'member-missing', severity: 'error', source: '§8.4',
  check: (notification, complain) => {
    const said = isThere(notification, 'ChargingDuration') || isThere(notification, 'ConsumedEnergyProgress');
    if (notification.Type === 'Progress' && !said) complain('ConsumedEnergyProgress', 'ChargingDuration or ConsumedEnergyProgress');
  },
}, {
  code: 'duration-differs', severity: 'warning', source: '§8.4', erratum: 'E-34',
  check: durationIsTheTimeBetween,
});

/** Milliseconds from ChargingStart to EventOccurred; senders that take seconds are off by a factor of 1000. */
function durationIsTheTimeBetween(
  { ChargingDuration: duration, ChargingStart, EventOccurred }: ChargingNotification, complain: Complain,
): void {
  const [start, now] = [instantOf(ChargingStart), instantOf(EventOccurred)];
  if (typeof duration !== 'number' || start === undefined || now === undefined) return;
  if (Math.abs(now - start - duration) > DURATION_TOLERANCE_MS) {
    complain('ChargingDuration', 'milliseconds from ChargingStart to EventOccurred, ± 1000');
  }
}
