import { parseOffsetDateTime, type OffsetDateTime } from '@emp/kernel';
import { Decimal } from '@emp/money';
import { assessCdr, judgeCdr, type IncomingRecord, type KnownVersion } from './assess-cdr.ts';
import type { CdrFacts } from './cdr-facts.ts';
import { DEFAULT_LIMITS, NOTHING_KNOWN, type CheckContext } from './check-context.ts';

const at = (text: string): OffsetDateTime => {
  const read = parseOffsetDateTime(text);
  if (!read.ok) throw new Error(read.refusal.detail);
  return read.value;
};
const kWh = (text: string): Decimal => Decimal.parse(text);

const facts = (changes: Partial<CdrFacts> = {}): CdrFacts => ({
  evseId: 'DE*SIM*E0001*1', partnerProductId: 'DC',
  sessionStart: at('2026-05-01T09:58:00+02:00'), chargingStart: at('2026-05-01T10:00:00+02:00'),
  chargingEnd: at('2026-05-01T11:00:00+02:00'), sessionEnd: at('2026-05-01T11:05:00+02:00'),
  consumedEnergyKwh: kWh('11.000'), meterStartKwh: kWh('100.000'), meterEndKwh: kWh('111.000'), meterInBetweenKwh: [],
  identification: 'rfid', ...changes,
});
const context = (changes: Partial<CheckContext> = {}): CheckContext => ({
  ...NOTHING_KNOWN, limits: DEFAULT_LIMITS, receivedAt: new Date('2026-05-01T09:06:00Z'), contractRef: 'con-0001', ...changes,
});
const record = (changes: Partial<IncomingRecord> = {}): IncomingRecord => ({
  valueHash: 'value-1', byteHash: 'bytes-1', facts: facts(), reading: [], ...changes,
});
const known = (changes: Partial<KnownVersion> = {}): KnownVersion => ({
  version: 1, role: 'leading', valueHash: 'value-1', byteHash: 'bytes-1', ...changes,
});
const verdict = (changes: Partial<CdrFacts>, about: Partial<CheckContext> = {}): readonly string[] => {
  const judged = judgeCdr(facts(changes), [], context(about));
  return [judged.outcome, ...judged.findings.map(({ code, severity }) => `${code}:${severity}`)];
};

describe('assessing a charge detail record', () => {
  it('accepts a plausible record without a word', () => {
    expect(assessCdr(record(), [], context())).toEqual({ outcome: 'accepted', findings: [] });
  });

  it('takes the same content again as a repeat, however it was written', () => {
    expect(assessCdr(record({ byteHash: 'bytes-2' }), [known()], context())).toEqual({ outcome: 'repeat', ofVersion: 1 });
    expect(assessCdr(record({ valueHash: 'value-2' }), [known()], context())).toEqual({ outcome: 'repeat', ofVersion: 1 });
  });

  it('keeps the first record billable when another content comes for its session', () => {
    const other = record({ valueHash: 'value-2', byteHash: 'bytes-2' });
    expect(assessCdr(other, [known()], context())).toMatchObject({ outcome: 'conflict', withVersion: 1, findings: [{ code: 'other-content' }] });
  });

  it('takes the repeat of a conflicting version as a repeat of that version', () => {
    const other = record({ valueHash: 'value-2', byteHash: 'bytes-2' });
    const versions = [known(), known({ version: 2, role: 'other', valueHash: 'value-2', byteHash: 'bytes-2' })];
    expect(assessCdr(other, versions, context())).toEqual({ outcome: 'repeat', ofVersion: 2 });
  });

  it('lets the first readable record lead although an unreadable one came before', () => {
    const unreadable = known({ role: 'other', valueHash: 'value-0', byteHash: 'bytes-0' });
    expect(assessCdr(record(), [unreadable], context())).toEqual({ outcome: 'accepted', findings: [] });
  });

  it('quarantines what is not readable and says so first', () => {
    const reading = [{ code: 'not-json', severity: 'error' as const, message: 'm', numbers: {}, source: 'OICP §3', pointer: '', by: 'reader' as const }];
    const assessment = assessCdr(record({ facts: null, reading }), [], context());
    expect(assessment).toMatchObject({ outcome: 'quarantined', findings: [{ code: 'unreadable' }, { code: 'not-json' }] });
  });

  it('takes an unreadable text as a conflict when the session has its record', () => {
    const unreadable = record({ facts: null, valueHash: 'value-2', byteHash: 'bytes-2' });
    expect(assessCdr(unreadable, [known()], context())).toMatchObject({ outcome: 'conflict', withVersion: 1 });
  });
});

describe('the contract of a record', () => {
  it('quarantines a record whose driver is not ours', () => {
    expect(verdict({}, { contractRef: null })).toEqual(['quarantined', 'contract-unknown:error']);
  });

  it('quarantines a record without an EVSE', () => {
    expect(verdict({ evseId: null })).toEqual(['quarantined', 'evse-missing:error']);
  });
});

describe('the instants of a record', () => {
  it('accepts all four at the same instant', () => {
    const now = at('2026-05-01T10:00:00+02:00');
    const none = kWh('0');
    expect(verdict({ sessionStart: now, chargingStart: now, chargingEnd: now, sessionEnd: now, consumedEnergyKwh: none, meterEndKwh: null }))
      .toEqual(['accepted', 'energy-zero:note']);
  });

  it('compares instants, not clock faces, in the night when the clock jumps', () => {
    expect(verdict({
      sessionStart: at('2026-03-29T01:35:10+01:00'), chargingStart: at('2026-03-29T01:40:00+01:00'),
      chargingEnd: at('2026-03-29T03:01:00+02:00'), sessionEnd: at('2026-03-29T03:02:00+02:00'),
    })).toEqual(['accepted']);
  });

  it('accepts a record of an older operator without charging times, and notes it', () => {
    expect(verdict({ chargingStart: null, chargingEnd: null })).toEqual(['accepted', 'charging-times-missing:note']);
  });

  it('quarantines a record that does not say when the session was', () => {
    expect(verdict({ sessionStart: null, sessionEnd: null }))
      .toEqual(['quarantined', 'session-time-missing:error', 'session-time-missing:error']);
  });

  it('quarantines a session that ends before it starts', () => {
    expect(verdict({ sessionEnd: at('2026-05-01T09:57:00+02:00') })).toEqual(['quarantined', 'session-ends-before-start:error']);
  });

  it('quarantines charging that ends before it starts', () => {
    expect(verdict({ chargingEnd: at('2026-05-01T09:59:59+02:00') })).toEqual(['quarantined', 'charging-ends-before-start:error']);
  });

  it.each([
    ['warns of charging 300 s', '2026-05-01T11:10:00+02:00', 'accepted', 'warning'],
    ['quarantines charging 301 s', '2026-05-01T11:10:01+02:00', 'quarantined', 'error'],
  ])('%s after the session', (_what, chargingEnd, outcome, severity) => {
    expect(verdict({ chargingEnd: at(chargingEnd) }, { receivedAt: new Date('2026-05-01T12:00:00Z') }))
      .toEqual([outcome, `charging-outside-session:${severity}`]);
  });

  it('quarantines charging that begins after the session, as in the sample of the guide (E-60)', () => {
    expect(verdict({ chargingStart: at('2026-05-01T11:30:00+02:00'), chargingEnd: at('2026-05-01T11:40:00+02:00') }))
      .toEqual(['quarantined', 'charging-outside-session:error']);
  });

  it.each([
    ['accepts a session that ends 300 s', '2026-05-01T09:00:00Z', 'accepted'],
    ['quarantines a session that ends 301 s', '2026-05-01T08:59:59Z', 'quarantined'],
  ])('%s after its record came', (_what, receivedAt, outcome) => {
    expect(verdict({}, { receivedAt: new Date(receivedAt) })[0]).toBe(outcome);
  });

  it('quarantines a session of more than a month', () => {
    expect(verdict({ sessionStart: at('2026-03-31T09:00:00Z'), chargingStart: at('2026-03-31T09:00:00Z') }))
      .toEqual(['quarantined', 'session-too-long:error']);
  });

  it('warns of a time without offset', () => {
    expect(verdict({ sessionStart: at('2026-05-01T07:58:00') })).toEqual(['accepted', 'time-without-offset:warning']);
  });
});

describe('the energy of a record', () => {
  it.each([
    ['accepts a difference of exactly the tolerance', '11.01', 'accepted'],
    ['quarantines a difference just above the tolerance', '11.0100000001', 'quarantined'],
    ['quarantines a difference in favour of the driver too', '10.5', 'quarantined'],
  ])('%s to the meter readings', (_what, consumed, outcome) => {
    expect(verdict({ consumedEnergyKwh: kWh(consumed) })[0]).toBe(outcome);
  });

  it('shows the numbers of a broken identity', () => {
    const { findings } = judgeCdr(facts({ consumedEnergyKwh: kWh('12.5') }), [], context());
    expect(findings).toEqual([expect.objectContaining({
      code: 'energy-identity', source: 'OICP §8.3', pointer: '/ConsumedEnergy',
      numbers: { consumedKwh: '12.5', meteredKwh: '11.000', differenceKwh: '1.500', toleranceKwh: '0.01' },
    })]);
  });

  it('takes the energy from the meter when the operator does not tell it', () => {
    expect(verdict({ consumedEnergyKwh: null })).toEqual(['accepted', 'energy-from-meter:warning']);
  });

  it('quarantines a record without any energy', () => {
    expect(verdict({ consumedEnergyKwh: null, meterEndKwh: null })).toEqual(['quarantined', 'energy-missing:error']);
  });

  it('quarantines negative energy', () => {
    expect(verdict({ consumedEnergyKwh: kWh('-0.001'), meterStartKwh: null })).toEqual(['quarantined', 'energy-negative:error']);
  });

  it('quarantines a meter that runs backwards', () => {
    expect(verdict({ meterEndKwh: kWh('99.9') })).toEqual(['quarantined', 'meter-runs-backwards:error']);
  });

  it.each([['accepts 1000', '1000', 'accepted'], ['quarantines 1000.001', '1000.001', 'quarantined']])(
    '%s kWh', (_what, energy, outcome) => {
      expect(verdict({ consumedEnergyKwh: kWh(energy), meterStartKwh: null })[0]).toBe(outcome);
    },
  );

  it('warns of energy that took no time', () => {
    expect(verdict({ chargingEnd: at('2026-05-01T10:00:00+02:00') })).toEqual(['accepted', 'energy-without-duration:warning']);
  });
});
