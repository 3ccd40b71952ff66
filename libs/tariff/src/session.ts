import { granted, refused, type Decision, type OffsetDateTime } from '@emp/kernel';
import { Decimal } from '@emp/money';
import type { TimeCounts } from './tariff.ts';

/** A finished charging session as its record tells it. */
export interface ChargedSession {
  readonly sessionStart: OffsetDateTime;
  readonly sessionEnd: OffsetDateTime;
  /** `null` = the operator did not say when current flowed. */
  readonly chargingStart: OffsetDateTime | null;
  readonly chargingEnd: OffsetDateTime | null;
  readonly energyKwh: Decimal;
}

/** A stretch of a session; `seconds` is exact to the millisecond. */
export interface Span {
  readonly from: OffsetDateTime;
  readonly to: OffsetDateTime;
  readonly seconds: Decimal;
  /** What had to be assumed to find it. */
  readonly notes: readonly string[];
}

export type SessionFlaw = 'negative-energy' | 'times-reversed';

/** Refuses what cannot be priced: energy that flowed back, ends before starts. */
export function checkedSession(session: ChargedSession): Decision<ChargedSession, SessionFlaw> {
  if (session.energyKwh.isNegative()) {
    return refused('negative-energy', `the record says ${session.energyKwh} kWh; energy fed back has no tariff`);
  }
  const inOrder = [session.sessionStart, session.chargingStart, session.chargingEnd, session.sessionEnd].filter((at) => at !== null);
  const reversed = inOrder.find((at, index) => index > 0 && at.epochMillis < (inOrder[index - 1]?.epochMillis ?? 0));
  if (reversed) return refused('times-reversed', `${reversed.text} lies before the instant that should precede it`);
  return granted(session);
}

/** The time that TIME components count. Without charging times the session's own count, and a note says so. */
export function countedTime(session: ChargedSession, counts: TimeCounts): Span {
  if (counts === 'session') return span(session.sessionStart, session.sessionEnd, []);
  const missing = session.chargingStart === null || session.chargingEnd === null;
  return span(session.chargingStart ?? session.sessionStart, session.chargingEnd ?? session.sessionEnd,
    missing ? ['the record has no complete charging times: session times were used'] : []);
}

/** From the end of charging plus grace to the end of the session. Without an end of charging nothing proves parking. */
export function parkedTime(session: ChargedSession, graceSeconds: number): Span {
  if (session.chargingEnd === null) {
    return span(session.sessionEnd, session.sessionEnd, ['the record does not say when charging ended: no parking time is billed']);
  }
  const begin = session.chargingEnd.epochMillis + graceSeconds * 1000;
  if (graceSeconds === 0 || begin >= session.sessionEnd.epochMillis) {
    return span(graceSeconds === 0 ? session.chargingEnd : session.sessionEnd, session.sessionEnd, []);
  }
  const from = { text: new Date(begin).toISOString(), epochMillis: begin, offsetMinutes: 0 };
  return span(from, session.sessionEnd, [`the first ${graceSeconds} s after the end of charging are free`]);
}

function span(from: OffsetDateTime, to: OffsetDateTime, notes: readonly string[]): Span {
  const seconds = Decimal.of(to.epochMillis - from.epochMillis).times(Decimal.parse('0.001')).normalised();
  return { from, to, seconds, notes };
}
