import { Decimal } from '@emp/money';
import type { Random } from '../random.ts';

/** What a car takes: full power up to the knee, a third of it after, nothing when it is full. */
export interface Car {
  readonly acKw: Decimal;
  readonly dcKw: Decimal;
  /** kWh until the power falls. */
  readonly toKneeKwh: Decimal;
  /** kWh until it is full. */
  readonly toFullKwh: Decimal;
}

const MODELS: readonly [readonly [ac: number, dc: number, battery: number], ...(readonly [number, number, number])[]] = [
  [11, 125, 58], [11, 175, 77], [7, 100, 50], [22, 50, 52], [11, 250, 82], [11, 233, 77], [3, 40, 40],
];

/** A car that comes with 10 to 55 % and leaves when full or when its driver comes. */
export function randomCar(random: Random): Car {
  const [ac, dc, battery] = random.pick(MODELS);
  const percentHere = random.integer(10, 55);
  const share = (percent: number): Decimal => Decimal.of(battery * percent).dividedBy(Decimal.of(100), 3);
  return { acKw: Decimal.of(ac), dcKw: Decimal.of(dc), toKneeKwh: share(80 - percentHere), toFullKwh: share(100 - percentHere) };
}

const MS_PER_HOUR = Decimal.of(3_600_000);
const THREE = Decimal.of(3);

/** kWh after so long, to the watt-hour, rounded down: min(station's power, car's curve) × time. */
export function energyAfter(car: Car, station: { readonly powerKw: Decimal; readonly direct: boolean }, chargingMs: number): Decimal {
  const most = station.direct ? car.dcKw : car.acKw;
  const power = most.isLessThan(station.powerKw) ? most : station.powerKw;
  const time = Decimal.of(Math.max(0, Math.floor(chargingMs)));
  const atFullPower = power.times(time).dividedBy(MS_PER_HOUR, 6, 'down');
  if (!atFullPower.isGreaterThan(car.toKneeKwh)) return atFullPower.round(3, 'down');
  const afterKnee = atFullPower.minus(car.toKneeKwh).dividedBy(THREE, 6, 'down');
  const total = car.toKneeKwh.plus(afterKnee);
  return (total.isGreaterThan(car.toFullKwh) ? car.toFullKwh : total).round(3, 'down');
}
