import { EmpError } from '@emp/kernel';

/** ISO 4217: digits behind the point of the currencies in which charging is priced in and around Europe. */
const DIGITS: Readonly<Record<string, number>> = {
  ALL: 2, AMD: 2, AZN: 2, BAM: 2, BGN: 2, BYN: 2, CHF: 2, CZK: 2, DKK: 2, EUR: 2, GBP: 2, GEL: 2, GIP: 2, HUF: 2,
  ILS: 2, ISK: 0, MAD: 2, MDL: 2, MKD: 2, NOK: 2, PLN: 2, RON: 2, RSD: 2, SEK: 2, TRY: 2, UAH: 2, USD: 2,
};

/** A currency and how many digits its smallest coin has. One object per code: compare with `===`. */
export class Currency {
  private static readonly known: ReadonlyMap<string, Currency> = new Map(
    Object.entries(DIGITS).map(([code, digits]) => [code, new Currency(code, digits)]),
  );

  private constructor(readonly code: string, readonly digits: number) {}

  /** By its ISO 4217 code in capitals. Throws EmpError `unknown-currency`, also for OICP's literal `UNDEFINED`. */
  static of(code: string): Currency {
    const currency = Currency.find(code);
    if (currency) return currency;
    throw new EmpError('unknown-currency', `${JSON.stringify(String(code).slice(0, 20))} is not a currency that can be ` +
      `invoiced; known are ${[...Currency.known.keys()].join(', ')}`, { retry: 'useless' });
  }

  static find(code: string): Currency | undefined {
    return Currency.known.get(code);
  }

  toString(): string {
    return this.code;
  }

  toJSON(): string {
    return this.code;
  }
}
