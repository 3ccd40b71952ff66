import type { Random } from '../../random.ts';
import { COUNTRIES, type Country } from './places.ts';

export interface GeneratedOperator {
  readonly operatorId: string;
  readonly operatorName: string;
  readonly country: Country;
  /** Its id breaks the pattern, as `CH*FASTNED` does. */
  readonly broken: boolean;
  readonly size: number;
}

const FIRST = ['Nord', 'Süd', 'Stadt', 'Berg', 'See', 'Volt', 'Grün', 'Blitz', 'Park', 'Auto'] as const;
const SECOND = ['strom', 'lade', 'mobil', 'werke', 'energie', 'charge'] as const;
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ';

/** A few dozen operators: a handful large, most small. The first two of the list have broken ids. */
export function generateOperators(random: Random): readonly GeneratedOperator[] {
  const ids = new Set<string>();
  return Array.from({ length: 38 }, (_, index) => {
    const broken = index < 2;
    const country = index < COUNTRIES.length ? COUNTRIES[index] ?? COUNTRIES[0] : byWeight(random);
    const name = `${random.pick(FIRST)}${random.pick(SECOND)} ${country.alpha2}${index + 1}`;
    let operatorId: string;
    do {
      operatorId = `${country.alpha2}*${broken ? random.digits(7, LETTERS) : random.digits(1, LETTERS) + random.digits(2, `${LETTERS}0123456789`)}`;
    } while (ids.has(operatorId) || operatorId === 'DE*SIM');
    ids.add(operatorId);
    return { operatorId, operatorName: name, country, broken, size: 1 / (1 + random.integer(0, 12)) };
  });
}

function byWeight(random: Random): Country {
  const alpha3 = random.weighted(Object.fromEntries(COUNTRIES.map((country) => [country.alpha3, country.weight])));
  return COUNTRIES.find((country) => country.alpha3 === alpha3) ?? COUNTRIES[0];
}
