import { Currency, Decimal } from '@emp/money';
import { COMPONENT_TYPES, type ComponentType, type PriceComponent, type Tariff, type TariffElement } from './tariff.ts';

/** What is wrong with a tariff document, and where (RFC 6901 pointer). */
export interface TariffProblem {
  readonly pointer: string;
  readonly message: string;
}

export type TariffReading =
  | { readonly ok: true; readonly tariff: Tariff }
  | { readonly ok: false; readonly problems: readonly TariffProblem[] };

const TARIFF_MEMBERS = ['currency', 'elements', 'minPrice', 'maxPrice', 'timeCounts', 'parkingGraceSeconds', 'freeBelowWh'];

/** Reads a tariff from JSON, and refuses everything it would have to ignore. All problems at once, never throws. */
export function readTariff(document: unknown): TariffReading {
  const problems: TariffProblem[] = [];
  const tariff = new TariffReader(problems).tariff(document);
  return tariff && problems.length === 0 ? { ok: true, tariff } : { ok: false, problems };
}

class TariffReader {
  constructor(private readonly problems: TariffProblem[]) {}

  tariff(document: unknown): Tariff | undefined {
    const members = this.members(document, '', TARIFF_MEMBERS, 'a tariff');
    if (!members) return undefined;
    const currency = this.currency(members['currency']);
    const elements = this.list(members['elements'], '/elements').map((element, i) => this.element(element, `/elements/${i}`));
    this.refuseUnreachable(elements);
    const timeCounts = members['timeCounts'] ?? 'charging';
    if (timeCounts !== 'charging' && timeCounts !== 'session') {
      this.report('/timeCounts', 'must be "charging" (ChargingStart…ChargingEnd) or "session" (SessionStart…SessionEnd)');
      return undefined;
    }
    this.refuseTimePaidTwice(timeCounts, elements);
    const parkingGraceSeconds = this.integer(members['parkingGraceSeconds'], '/parkingGraceSeconds', 'seconds');
    const freeBelowWh = this.integer(members['freeBelowWh'], '/freeBelowWh', 'Wh');
    return currency && {
      currency, elements, timeCounts, parkingGraceSeconds, freeBelowWh,
      minPrice: this.bound(members['minPrice'], '/minPrice', currency),
      maxPrice: this.bound(members['maxPrice'], '/maxPrice', currency),
    };
  }

  private element(value: unknown, pointer: string): TariffElement {
    if (isObject(value) && value['restrictions'] !== undefined && value['restrictions'] !== null) {
      this.report(`${pointer}/restrictions`, 'restrictions (time of day, weekday, thresholds) are not priced yet, and ' +
        'ignoring them would bill the wrong amount: leave them out and give one price per dimension');
      return { components: [] };
    }
    const members = this.members(value, pointer, ['components', 'restrictions'], 'an element');
    if (!members) return { components: [] };
    const components = this.list(members['components'], `${pointer}/components`)
      .flatMap((component, i) => this.component(component, `${pointer}/components/${i}`) ?? []);
    return { components };
  }

  private component(value: unknown, pointer: string): PriceComponent | undefined {
    const members = this.members(value, pointer, ['type', 'price', 'stepSize'], 'a price component');
    if (!members) return undefined;
    const type = COMPONENT_TYPES.find((known) => known === members['type']);
    if (!type) this.report(`${pointer}/type`, `must be one of ${COMPONENT_TYPES.join(', ')}`);
    const price = this.price(members['price'], `${pointer}/price`);
    const stepSize = this.integer(members['stepSize'], `${pointer}/stepSize`, type === 'ENERGY' ? 'Wh' : 'seconds');
    return type && price && { type, price, stepSize };
  }

  private refuseUnreachable(elements: readonly TariffElement[]): void {
    const seen = new Set<ComponentType>();
    elements.forEach((element, i) => element.components.forEach((component, j) => {
      if (seen.has(component.type)) {
        this.report(`/elements/${i}/components/${j}`, `${component.type} already has a price: the first one always ` +
          'counts, this one never would; remove it');
      }
      seen.add(component.type);
    }));
  }

  private refuseTimePaidTwice(timeCounts: string, elements: readonly TariffElement[]): void {
    const types = elements.flatMap((element) => element.components.map((component) => component.type));
    if (timeCounts === 'session' && types.includes('TIME') && types.includes('PARKING_TIME')) {
      this.report('/timeCounts', 'with "session", TIME includes the time after charging, which PARKING_TIME would bill ' +
        'again: use "charging" or remove one of them');
    }
  }

  private currency(value: unknown): Currency | undefined {
    const currency = typeof value === 'string' ? Currency.find(value) : undefined;
    if (!currency) this.report('/currency', 'must be an ISO 4217 code in capitals that can be invoiced, such as "EUR"');
    return currency;
  }

  private bound(value: unknown, pointer: string, currency: Currency): Decimal | null {
    if (value === undefined || value === null) return null;
    const bound = this.price(value, pointer) ?? null;
    if (bound && !bound.round(currency.digits).equals(bound)) {
      this.report(pointer, `a bound of the invoice amount has at most ${currency.digits} digits behind the point in ${currency}`);
    }
    return bound;
  }

  private price(value: unknown, pointer: string): Decimal | undefined {
    const price = typeof value === 'string' ? Decimal.tryParse(value) : undefined;
    if (!price) this.report(pointer, 'must be a decimal as a text, such as "0.49": a JSON number is not exact');
    else if (price.isNegative()) this.report(pointer, 'must not be negative');
    else return price;
    return undefined;
  }

  private integer(value: unknown, pointer: string, unit: string): number {
    if (value === undefined || value === null) return 0;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= 31_536_000) return value;
    this.report(pointer, `must be a whole number of ${unit}, not negative`);
    return 0;
  }

  private list(value: unknown, pointer: string): readonly unknown[] {
    if (Array.isArray(value) && value.length > 0 && value.length <= 100) return value;
    this.report(pointer, 'must be a list of one to 100 entries');
    return [];
  }

  private members(value: unknown, pointer: string, known: readonly string[], what: string): Record<string, unknown> | undefined {
    if (!isObject(value)) {
      this.report(pointer, `must be ${what}: an object with ${known.join(', ')}`);
      return undefined;
    }
    for (const name of Object.keys(value).filter((member) => !known.includes(member))) {
      this.report(`${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, `is unknown; ${what} has ${known.join(', ')}`);
    }
    return value;
  }

  private report(pointer: string, message: string): void {
    this.problems.push({ pointer, message });
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
