import { parseOffsetDateTime, type OffsetDateTime } from '@emp/kernel';
import { Decimal } from '@emp/money';
import { judgeCdr } from './assess-cdr.ts';
import type { CdrFacts } from './cdr-facts.ts';
import { CHECKS, checkEntry, isCheckCode } from './check-catalogue.ts';
import { DEFAULT_LIMITS, NOTHING_KNOWN, type CheckContext, type ListedEvse } from './check-context.ts';
import { listChecks, readCheckPolicy, severityOf } from './check-policy.ts';
import { NO_DIFFERENCES, NO_SIGNED_VALUES, type MeteringOutcome } from './metering-outcome.ts';
import { zoneOffsetMinutes } from './zone-offset.ts';

const at = (text: string): OffsetDateTime => {
  const read = parseOffsetDateTime(text);
  if (!read.ok) throw new Error(read.refusal.detail);
  return read.value;
};
const kWh = (text: string): Decimal => Decimal.parse(text);

const facts = (changes: Partial<CdrFacts> = {}): CdrFacts => ({
  evseId: 'DE*SIM*E0001*1', partnerProductId: 'DC',
  sessionStart: at('2026-05-01T10:00:00+02:00'), chargingStart: at('2026-05-01T10:00:00+02:00'),
  chargingEnd: at('2026-05-01T11:00:00+02:00'), sessionEnd: at('2026-05-01T11:00:00+02:00'),
  consumedEnergyKwh: kWh('11'), meterStartKwh: kWh('100'), meterEndKwh: kWh('111'), meterInBetweenKwh: [], identification: 'rfid',
  ...changes,
});
const evse = (changes: Partial<ListedEvse> = {}): ListedEvse => ({
  operatorKey: 'DESIM', timeZone: 'Europe/Berlin', maximumPowerKw: kWh('11'), calibrationLaw: null, removedAt: null, ...changes,
});
const findings = (changes: Partial<CdrFacts>, about: Partial<CheckContext> = {}) => judgeCdr(facts(changes), [], {
  ...NOTHING_KNOWN, limits: DEFAULT_LIMITS, receivedAt: new Date('2026-05-01T09:06:00Z'), contractRef: 'con-0001', ...about,
}).findings;
const codes = (changes: Partial<CdrFacts>, about: Partial<CheckContext> = {}): readonly string[] =>
  findings(changes, about).map(({ code, severity }) => `${code}:${severity}`);

describe('energy against the power of the EVSE', () => {
  // 11 kW and ten per cent for 61 minutes: one is rounding.
  const most = kWh('12.302');
  it.each([
    ['accepts what it can just give', most, []],
    ['doubts a watt-hour more', most.plus(kWh('0.001')), ['energy-exceeds-power:error']],
  ])('%s', (_what, energy, expected) => {
    expect(codes({ consumedEnergyKwh: energy, meterStartKwh: null }, { evse: evse() })).toEqual(expected);
  });

  it('says nothing where no power is listed', () => {
    expect(codes({}, { evse: evse({ maximumPowerKw: null }) })).toEqual([]);
  });
});

describe('the offset of a record', () => {
  it.each([
    ['in summer', '2026-05-01T10:00:00+02:00', []],
    ['in winter', '2026-01-15T10:00:00+01:00', []],
    ['in winter with the summer\'s', '2026-01-15T10:00:00+02:00', ['offset-differs:warning']],
    ['as UTC', '2026-05-01T08:00:00Z', ['offset-differs:warning']],
    ['a minute before the clocks change', '2026-03-29T01:59:00+01:00', []],
    ['when they have changed', '2026-03-29T03:00:00+02:00', []],
  ])('%s', (_what, text, expected) => {
    const [start, end] = [at(text), at(text.replace(/T(\d\d):/, (_, hour: string) => `T${String(Number(hour) + 1).padStart(2, '0')}:`))];
    const times = { sessionStart: start, chargingStart: start, chargingEnd: end, sessionEnd: end };
    expect(codes(times, { evse: evse({ maximumPowerKw: null }), receivedAt: new Date('2026-05-01T12:00:00Z') })
      .filter((code) => !code.startsWith('record-old'))).toEqual(expected);
  });

  it('of zones behind UTC and of halves and quarters of an hour is known; of no zone is not', () => {
    const instant = Date.UTC(2026, 0, 15);
    expect(['America/New_York', 'Asia/Kolkata', 'Asia/Kathmandu', 'UTC', 'Nowhere/Else'].map((zone) => zoneOffsetMinutes(zone, instant)))
      .toEqual([-300, 330, 345, 0, null]);
  });
});

describe('the counter of the meter', () => {
  it.each([
    ['may stand still in between', ['103.5', '103.5'], []],
    ['may not run backwards', ['103.5', '103.4'], ['in-between-not-monotonic:warning']],
    ['may not leave start and end', ['111.001'], ['in-between-outside:warning']],
  ])('%s', (_what, readings, expected) => {
    expect(codes({ meterInBetweenKwh: readings.map(kWh) })).toEqual(expected);
  });

  it('is never negative', () => {
    expect(codes({ meterStartKwh: kWh('-1'), meterEndKwh: kWh('10') })).toEqual(['meter-negative:warning']);
  });
});

describe('a record that comes late', () => {
  it.each([['88 days is not old', 88, []], ['89 days is', 89, ['record-old:warning']]])('%s', (_what, days, expected) => {
    expect(codes({}, { receivedAt: new Date(Date.UTC(2026, 4, 1, 9) + days * 86_400_000) })).toEqual(expected);
  });
});

describe('signed values', () => {
  const outcome = (changes: Partial<MeteringOutcome>): MeteringOutcome =>
    ({ ...NO_SIGNED_VALUES, verdict: 'valid', code: 'signed', key: { fingerprint: 'f', spki: 's', curve: 'c' }, ...changes });
  it.each([
    ['a registered key says nothing', outcome({ keyNotice: 'registered' }), []],
    ['a revoked key quarantines', outcome({ keyNotice: 'revoked' }), ['meter-key-revoked:error']],
    ['a key of another time is flagged', outcome({ keyNotice: 'not-valid-then' }), ['meter-key-not-valid-then:warning']],
    ['another key than registered quarantines', outcome({ verdict: 'invalid', code: 'key-changed' }), ['meter-key-changed:error']],
    ['a wrong signature quarantines', outcome({ verdict: 'invalid', code: 'signature-wrong' }), ['metering-invalid:error']],
    ['a serial number of a charge box is no EVSE', outcome({ chargePointId: '4711' }), []],
    ['unproven energy only flags', outcome({
      verdict: 'unverifiable', differences: { ...NO_DIFFERENCES, energy: { answer: 'no', differenceKwh: '1', toleranceKwh: '0.1' } },
    }), ['metering-unverifiable:warning', 'metering-energy-differs:warning']],
  ])('%s', (_what, metering, expected) => {
    expect(codes({}, { metering })).toEqual(expected);
  });
});

describe('the policy', () => {
  const policyOf = (text: string) => {
    const read = readCheckPolicy(text);
    return read.ok ? read.value : read.refusal.detail;
  };

  it('changes the severity of what it names, and leaves the rest its own opinion', () => {
    const policy = policyOf('energy-identity:flag, energy-zero : quarantine,');
    if (typeof policy === 'string') throw new Error(policy);
    const limits = { ...DEFAULT_LIMITS, policy };
    expect(codes({ consumedEnergyKwh: kWh('0'), evseId: null }, { limits }))
      .toEqual(['evse-missing:error', 'energy-zero:error', 'energy-identity:warning']);
  });

  it.each([
    ['nonsense:flag', '"nonsense" is no check'], ['energy-zero:drop', 'accept, flag or quarantine is expected, not "drop"'],
    ['energy-zero', 'is expected, not ""'], ['contract-unknown:accept', 'cannot be changed'], ['toString:flag', 'is no check'],
  ])('refuses %s', (text, why) => {
    expect(policyOf(text)).toContain(why);
  });

  it('is listed whole', () => {
    const policy = policyOf('energy-zero:flag');
    if (typeof policy === 'string') throw new Error(policy);
    const listed = listChecks(policy);
    expect(listed.map(({ code }) => code)).toEqual(Object.keys(CHECKS));
    expect(listed.find(({ code }) => code === 'energy-zero')).toMatchObject({ action: 'flag', severity: 'warning', decidedBy: 'policy' });
  });

  it('has the defaults that the checks themselves hold, or the checks are milder', () => {
    const rank = { note: 0, warning: 1, error: 2 };
    const everything = findings(
      { evseId: null, sessionStart: null, chargingEnd: null, consumedEnergyKwh: kWh('5000'), meterEndKwh: kWh('-3'), meterInBetweenKwh: [kWh('1'), kWh('0')] },
      { contractRef: null, receivedAt: new Date('2020-01-01T00:00:00Z'), metering: { ...NO_SIGNED_VALUES, verdict: 'invalid' } },
    );
    expect(everything.length).toBeGreaterThan(9);
    for (const { code, severity } of everything) {
      if (!isCheckCode(code)) throw new Error(`${code} is not in the catalogue`);
      expect([code, rank[severity] <= rank[severityOf(checkEntry(code).action)]]).toEqual([code, true]);
    }
  });
});
