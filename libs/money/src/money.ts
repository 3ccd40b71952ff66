import { EmpError } from '@emp/kernel';
import type { Currency } from './currency.ts';
import { Decimal } from './decimal.ts';

/** An exact amount of one currency; it may have more digits than the currency until `rounded()`. */
export class Money {
  constructor(readonly amount: Decimal, readonly currency: Currency) {}

  static zero(currency: Currency): Money {
    return new Money(Decimal.zero.round(currency.digits), currency);
  }

  /** Throws EmpError `currency-mismatch`: amounts of two currencies have no sum without a rate. */
  plus(other: Money): Money {
    return new Money(this.amount.plus(this.sameCurrency(other)), this.currency);
  }

  minus(other: Money): Money {
    return new Money(this.amount.minus(this.sameCurrency(other)), this.currency);
  }

  times(factor: Decimal): Money {
    return new Money(this.amount.times(factor), this.currency);
  }

  negate(): Money {
    return new Money(this.amount.negate(), this.currency);
  }

  /** To the digits of the currency, half away from zero. */
  rounded(): Money {
    return new Money(this.amount.round(this.currency.digits), this.currency);
  }

  equals(other: Money): boolean {
    return this.currency === other.currency && this.amount.equals(other.amount);
  }

  toString(): string {
    return `${this.amount} ${this.currency}`;
  }

  toJSON(): { readonly amount: string; readonly currency: string } {
    return { amount: this.amount.toString(), currency: this.currency.code };
  }

  private sameCurrency(other: Money): Decimal {
    if (other.currency === this.currency) return other.amount;
    throw new EmpError('currency-mismatch', `cannot combine ${this} and ${other}: convert one of them first`, { retry: 'useless' });
  }
}
