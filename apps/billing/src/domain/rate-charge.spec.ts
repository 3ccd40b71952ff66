import { Decimal } from '@emp/money';
import { readTariff } from '@emp/tariff';
import type { AcceptedRecord } from './accepted-record.ts';
import { rateCharge, type EvseFacts, type RatedCharge, type RatingFacts } from './rate-charge.ts';

const d = Decimal.parse;
const millis = (text: string) => Date.parse(text);

const aRecord = (more: Partial<AcceptedRecord> = {}): AcceptedRecord => ({
  sessionId: 's-1', providerId: 'DE-EMP', contractRef: 'con-1', operatorId: 'DE*SIM', evseId: 'DE*SIM*E0001*1', partnerProductId: null,
  sessionStart: '2026-05-31T22:30:00+02:00', sessionEnd: '2026-06-01T00:30:00+02:00', chargingStart: null, chargingEnd: null,
  energyKwh: '11.000', ...more,
});

function aVersion(version: number, validFrom: string, price: string) {
  const reading = readTariff({ currency: 'EUR', elements: [{ components: [{ type: 'ENERGY', price }] }] });
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return { planId: 'standard', version, validFromMillis: millis(validFrom), tariff: reading.tariff };
}

const berlin: EvseFacts = { operatorKey: 'DESIM', country: 'DE', timeZone: 'Europe/Berlin', maximumPowerKw: d('150') };

const theFacts = (more: Partial<RatingFacts> = {}): RatingFacts => ({
  plans: [{ contractRef: 'con-1', sinceMillis: 0, planId: 'standard' }],
  versions: [aVersion(1, '2026-01-01T00:00:00Z', '0.49')], evse: berlin, operatorKey: 'DESIM',
  vatRates: [
    { country: 'DE', validFrom: '2021-01-01', validUntil: null, ratePercent: d('19') },
    { country: 'AT', validFrom: '1984-01-01', validUntil: null, ratePercent: d('20') },
  ],
  prices: [], ...more,
});

function rated(record: AcceptedRecord, facts: RatingFacts): RatedCharge {
  const charge = rateCharge(record, facts);
  if (charge.state !== 'rated') throw new Error(`${charge.reason}: ${charge.detail}`);
  return charge;
}

const waitsFor = (record: AcceptedRecord, facts: RatingFacts): string => {
  const charge = rateCharge(record, facts);
  return charge.state === 'waiting' ? charge.reason : 'nothing';
};

describe('rateCharge', () => {
  it('prices by the plan, taxes by the country of the charge point', () => {
    const charge = rated(aRecord(), theFacts());
    expect(`${charge.price.net} + ${charge.vat} = ${charge.gross} ${charge.taxCountry}`).toBe('5.39 + 1.02 = 6.41 DE');
    expect(rated(aRecord(), theFacts({ evse: { ...berlin, country: 'AT' } })).vatRatePercent.toString()).toBe('20');
  });

  it('invoices in the month in which the session ended where the EVSE stands', () => {
    expect(rated(aRecord(), theFacts()).month).toBe('2026-06');
    expect(rated(aRecord(), theFacts({ evse: { ...berlin, timeZone: 'Europe/London' } })).month).toBe('2026-05');
    const utc = aRecord({ sessionEnd: '2026-05-31T22:30:00Z', sessionStart: '2026-05-31T22:00:00Z' });
    expect(rated(utc, theFacts()).month).toBe('2026-06');
    expect(rated(utc, theFacts({ evse: null })).month).toBe('2026-05');
  });

  it('says what it assumed about an EVSE it does not know', () => {
    const { notes, taxCountry } = rated(aRecord({ evseId: 'AT*SIM*E1' }), theFacts({ evse: null }));
    expect(taxCountry).toBe('AT');
    expect(notes.join('; ')).toMatch(/country AT was taken from its id.*time zone of the EVSE is unknown/);
    expect(rated(aRecord({ evseId: '+49*810*000*438' }), theFacts({ evse: null })).taxCountry).toBe('DE');
  });

  it('pins plan and version at the start of the session', () => {
    const versions = [aVersion(1, '2026-01-01T00:00:00Z', '0.49'), aVersion(2, '2026-05-31T21:00:00Z', '0.59')];
    expect(rated(aRecord(), theFacts({ versions })).planVersion).toBe(1);
    expect(rated(aRecord({ sessionStart: '2026-05-31T23:00:00+02:00' }), theFacts({ versions })).planVersion).toBe(2);
    const plans = [
      { contractRef: 'con-1', sinceMillis: millis('2026-05-31T21:00:00Z'), planId: 'other' },
      { contractRef: 'con-1', sinceMillis: 0, planId: 'standard' },
    ];
    expect(rated(aRecord(), theFacts({ plans })).planId).toBe('standard');
  });

  it('takes the first plan of a contract that is not valid yet when the session begins, and says so', () => {
    const plans = [{ contractRef: 'con-1', sinceMillis: millis('2026-07-01T00:00:00Z'), planId: 'standard' }];
    expect(rated(aRecord(), theFacts({ plans })).notes.join()).toMatch(/before the contract was valid/);
  });

  it.each<[string, Partial<AcceptedRecord>, Partial<RatingFacts>]>([
    ['contract-unknown', { contractRef: 'con-2' }, {}],
    ['tariff-plan-unknown', {}, { versions: [] }],
    ['tariff-version-missing', {}, { versions: [aVersion(1, '2026-06-01T00:00:00Z', '0.49')] }],
    ['tax-country-unknown', { evseId: '+999*810*000*438' }, { evse: null }],
    ['vat-rate-missing', {}, { evse: { ...berlin, country: 'JP' } }],
    ['vat-rate-missing', { sessionStart: '2020-12-30T10:00:00Z', sessionEnd: '2020-12-30T11:00:00Z' }, { versions: [aVersion(1, '2020-01-01T00:00:00Z', '1')] }],
    ['negative-energy', { energyKwh: '-1' }, {}],
    ['times-reversed', { sessionEnd: '2026-05-31T22:29:59+02:00' }, {}],
    ['not-a-date-time', { sessionEnd: 'soon' }, {}],
    ['not-a-decimal', { energyKwh: '1,5' }, {}],
  ])('waits: %s', (reason, record, facts) => {
    expect(waitsFor(aRecord(record), theFacts(facts))).toBe(reason);
  });

  it('knows the cost by the price of that moment, and does not wait for one', () => {
    const price = (validFrom: string, text: string) => ({
      operatorKey: 'DESIM', validFromMillis: millis(validFrom), providerId: '*', productId: null, currency: 'EUR',
      referenceUnit: 'KILOWATT_HOUR' as const, pricePerReferenceUnit: d(text), additionalReferences: [], maximumPowerKw: null,
    });
    const costOf = (facts: Partial<RatingFacts>) => {
      const { cost } = rated(aRecord(), theFacts(facts));
      return 'unknown' in cost ? cost.unknown : cost.net.toString();
    };
    const prices = [price('2026-06-10T00:00:00Z', '0.50'), price('2026-05-01T00:00:00Z', '0.40'), price('2026-04-01T00:00:00Z', '0.30')];
    expect(costOf({ prices })).toBe('4.40');
    expect(costOf({ prices: prices.slice(0, 1) })).toBe('5.50');
    expect(costOf({})).toBe('no-price');
    expect(costOf({ prices: [{ ...price('2026-05-01T00:00:00Z', '0.4'), operatorKey: 'DEOTH' }] })).toBe('no-price');
    expect(costOf({ evse: null, operatorKey: null, prices })).toBe('no-price');
  });
});
