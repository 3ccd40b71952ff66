import { Decimal } from '@emp/money';
import { Random } from '../random.ts';
import { energyAfter, randomCar, type Car } from './car.ts';

const car: Car = { acKw: Decimal.of(11), dcKw: Decimal.of(120), toKneeKwh: Decimal.of(30), toFullKwh: Decimal.of(40) };
const minutes = (count: number): number => count * 60_000;
const kwh = (powerKw: number, direct: boolean, ms: number): string =>
  energyAfter(car, { powerKw: Decimal.of(powerKw), direct }, ms).toString();

describe('energyAfter', () => {
  it.each([
    ['the car limits at a strong AC station', 22, false, minutes(60), '11.000'],
    ['the station limits a strong car', 60, true, minutes(20), '20.000'],
    ['a third of the power after the knee', 60, true, minutes(30 + 15), '35.000'],
    ['nothing more when it is full', 60, true, minutes(300), '40.000'],
    ['to the watt-hour, rounded down', 7, false, 1_000, '0.001'],
    ['nothing before it began', 60, true, -5, '0.000'],
  ])('%s', (_what, powerKw, direct, ms, expected) => {
    expect(kwh(powerKw, direct, ms)).toBe(expected);
  });

  it('never falls as time goes on, for any car', () => {
    const random = new Random('cars');
    for (let cars = 0; cars < 50; cars += 1) {
      const one = randomCar(random);
      let before = Decimal.zero;
      for (let minute = 0; minute < 240; minute += 7) {
        const now = energyAfter(one, { powerKw: Decimal.of(150), direct: true }, minutes(minute));
        expect(now.isLessThan(before)).toBe(false);
        before = now;
      }
      expect(before.isGreaterThan(one.toFullKwh)).toBe(false);
    }
  });
});
