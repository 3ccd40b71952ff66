import { refused, type Decision } from '@emp/kernel';
import type { Decimal } from '@emp/money';
import { costOfSession, type ChargedSession, type CostBreakdown, type CostRefusal, type OperatorPrice } from '@emp/tariff';
import type { AcceptedRecord } from './accepted-record.ts';

/** A price as of when we learnt of it: OICP's price lists carry no dates. */
export interface ListedPrice extends OperatorPrice {
  readonly operatorKey: string;
  readonly validFromMillis: number;
}

/** What the operator will charge us; a refusal is "cost unknown", and never keeps a charge waiting. */
export function purchaseCost(
  record: AcceptedRecord, session: ChargedSession, operatorKey: string | null,
  facts: { readonly prices: readonly ListedPrice[]; readonly maximumPowerKw: Decimal | null },
): Decision<CostBreakdown, CostRefusal> {
  if (operatorKey === null) return refused('no-price', 'the operator of the EVSE is unknown');
  const prices = pricesAt(facts.prices.filter((price) => price.operatorKey === operatorKey), session.sessionStart.epochMillis);
  return costOfSession(prices, session, {
    providerId: record.providerId, partnerProductId: record.partnerProductId, maximumPowerKw: facts.maximumPowerKw,
  });
}

/** Of each listed price the version of that moment; of one we learnt of only later, the first. */
function pricesAt(prices: readonly ListedPrice[], atMillis: number): readonly ListedPrice[] {
  const chosen = new Map<string, ListedPrice>();
  for (const price of [...prices].sort((a, b) => a.validFromMillis - b.validFromMillis)) {
    const key = JSON.stringify([price.providerId, price.productId]);
    if (!chosen.has(key) || price.validFromMillis <= atMillis) chosen.set(key, price);
  }
  return [...chosen.values()];
}
