import { Decimal } from '@emp/money';
import fc from 'fast-check';
import { priceSession } from './price-session.ts';
import { readTariff } from './read-tariff.ts';
import type { ChargedSession } from './session.ts';
import type { Tariff } from './tariff.ts';

const start = Date.parse('2026-06-12T08:00:00Z');
const at = (seconds: number) => {
  const epochMillis = start + seconds * 1000;
  return { text: new Date(epochMillis).toISOString(), epochMillis, offsetMinutes: 0 };
};
const decimalText = (max: number, places: number) =>
  fc.integer({ min: 0, max }).map((value) => Decimal.of(value).times(Decimal.parse(`1e-${places}`)).toString());

const tariffs = fc.record({
  energy: decimalText(2_000, 4), energyStep: fc.constantFrom(0, 1, 100, 500), time: decimalText(900, 2), timeStep: fc.constantFrom(0, 1, 60, 300),
  flat: decimalText(300, 2), min: fc.option(decimalText(1_000, 2)), max: fc.option(decimalText(5_000, 2)), grace: fc.constantFrom(0, 600),
}).map(({ energy, energyStep, time, timeStep, flat, min, max, grace }): Tariff => {
  const reading = readTariff({
    currency: 'EUR', minPrice: min, maxPrice: max, parkingGraceSeconds: grace,
    elements: [{ components: [
      { type: 'ENERGY', price: energy, stepSize: energyStep }, { type: 'TIME', price: time, stepSize: timeStep },
      { type: 'PARKING_TIME', price: time, stepSize: timeStep }, { type: 'FLAT', price: flat },
    ] }],
  });
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.tariff;
});
const sessions = fc.record({ energy: decimalText(200_000, 3), charging: fc.integer({ min: 0, max: 20_000 }), parking: fc.integer({ min: 0, max: 20_000 }) })
  .map(({ energy, charging, parking }): ChargedSession => ({
    sessionStart: at(0), chargingStart: at(0), chargingEnd: at(charging), sessionEnd: at(charging + parking), energyKwh: Decimal.parse(energy),
  }));

function priced(tariff: Tariff, session: ChargedSession) {
  const decision = priceSession(tariff, session);
  if (!decision.ok) throw new Error(decision.refusal.detail);
  return decision.value;
}

describe('priceSession', () => {
  it('sums to the net, stays within its bounds, and never turns negative', () => {
    fc.assert(fc.property(tariffs, sessions, (tariff, session) => {
      const { net, lines } = priced(tariff, session);
      expect(Decimal.sum(lines.map((line) => line.amount)).equals(net)).toBe(true);
      expect(net.isNegative()).toBe(false);
      if (tariff.maxPrice) expect(net.isGreaterThan(tariff.maxPrice)).toBe(false);
      else if (tariff.minPrice) expect(net.isLessThan(tariff.minPrice)).toBe(false);
    }));
  });

  it('never bills less than was measured, nor a whole step more', () => {
    fc.assert(fc.property(tariffs, sessions, (tariff, session) => {
      for (const { component, quantity, measured } of priced(tariff, session).lines) {
        expect(quantity.isLessThan(measured)).toBe(false);
        const step = tariff.elements[0]?.components.find((candidate) => candidate.type === component)?.stepSize ?? 0;
        const surplus = quantity.minus(measured).times(Decimal.of(component === 'ENERGY' ? 1000 : 1));
        expect(surplus.isZero() || surplus.isLessThan(Decimal.of(step))).toBe(true);
      }
    }));
  });

  it('costs no less when more was taken', () => {
    fc.assert(fc.property(tariffs, sessions, decimalText(10_000, 3), (tariff, session, more) => {
      const larger = { ...session, energyKwh: session.energyKwh.plus(Decimal.parse(more)) };
      expect(priced(tariff, larger).net.isLessThan(priced(tariff, session).net)).toBe(false);
    }));
  });
});
