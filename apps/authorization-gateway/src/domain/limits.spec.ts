import { Decimal } from '@emp/money';
import { limitReached, type ContractUsage } from './limits.ts';

const credit = (amount: string, consumed: string, held: string, reserve: string): ContractUsage['credit'] => ({
  currency: 'EUR',
  amount: Decimal.parse(amount),
  consumed: Decimal.parse(consumed),
  held: Decimal.parse(held),
  reservePerSession: Decimal.parse(reserve),
});

describe('the limits of a contract', () => {
  it.each<[string, number | null, number, ContractUsage['credit'], string | undefined]>([
    ['none', null, 1_000, null, undefined],
    ['one session, none lives', 1, 0, null, undefined],
    ['one session, one lives', 1, 1, null, 'session-limit-reached'],
    ['three sessions, more live than that', 3, 5, null, 'session-limit-reached'],
    ['credit for exactly one more', null, 0, credit('50.00', '30.00', '10.00', '10.00'), undefined],
    ['a cent too little', null, 0, credit('50.00', '30.01', '10.00', '10.00'), 'credit-used-up'],
    ['credit overdrawn by the last charge', null, 0, credit('50', '61.20', '0', '10'), 'credit-used-up'],
    ['no reserve, and a cent is left', null, 0, credit('50', '49.99', '0', '0'), undefined],
    ['no reserve, and nothing is left', null, 0, credit('50', '50.00', '0', '0'), 'credit-used-up'],
    ['both reached: the sessions are told first', 1, 1, credit('0', '0', '0', '1'), 'session-limit-reached'],
  ])('%s', (_, sessionLimit, liveSessions, credit, rule) => {
    expect(limitReached({ sessionLimit, liveSessions, credit })).toBe(rule);
  });
});
