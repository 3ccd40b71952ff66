import { Decimal } from '@emp/money';

/** How much of a contract may be used at once, and how much of it is. */
export interface ContractUsage {
  readonly sessionLimit: number | null;
  /** Sessions that were authorized or charge, without the one that is asked about. */
  readonly liveSessions: number;
  readonly credit: CreditUsage | null;
}

export interface CreditUsage {
  readonly currency: string;
  /** What may be spent in all. */
  readonly amount: Decimal;
  /** What charges took of it. */
  readonly consumed: Decimal;
  /** Set aside for sessions whose charge is not known yet. */
  readonly held: Decimal;
  /** What a new session has set aside for it. */
  readonly reservePerSession: Decimal;
}

export type LimitRule = 'session-limit-reached' | 'credit-used-up';

/** Which limit is reached; `undefined` if one more session fits in. */
export function limitReached({ sessionLimit, liveSessions, credit }: ContractUsage): LimitRule | undefined {
  if (sessionLimit !== null && liveSessions >= sessionLimit) return 'session-limit-reached';
  if (credit === null) return undefined;
  const left = credit.amount.minus(credit.consumed).minus(credit.held);
  const isEnough = left.isGreaterThan(Decimal.zero) && !left.isLessThan(credit.reservePerSession);
  return isEnough ? undefined : 'credit-used-up';
}

/** The same for the explanation of an answer. */
export function usageFacts({ sessionLimit, liveSessions, credit }: ContractUsage): Readonly<Record<string, string>> {
  return {
    ...(sessionLimit !== null && { sessionLimit: String(sessionLimit), liveSessions: String(liveSessions) }),
    ...(credit && {
      creditCurrency: credit.currency,
      creditAmount: credit.amount.toString(),
      creditConsumed: credit.consumed.toString(),
      creditHeld: credit.held.toString(),
      creditReserve: credit.reservePerSession.toString(),
    }),
  };
}
