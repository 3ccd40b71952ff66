import type { OffsetDateTime } from '@emp/kernel';
import { Money, vatOf, type Decimal } from '@emp/money';
import { priceSession, type ChargedSession, type CostBreakdown, type CostRefusal, type PriceBreakdown } from '@emp/tariff';
import { sessionOf, type AcceptedRecord } from './accepted-record.ts';
import { localDay } from './local-day.ts';
import { placeOfConsumption } from './place-of-consumption.ts';
import { purchaseCost, type ListedPrice } from './purchase-cost.ts';
import { pinnedPlan, type PlanOfContract, type PlanVersion } from './tariff-plan.ts';
import { vatRateOn, type VatRate } from './vat-rate.ts';

/** What is known about the EVSE of a session. */
export interface EvseFacts {
  readonly operatorKey: string;
  readonly country: string | null;
  readonly timeZone: string | null;
  readonly maximumPowerKw: Decimal | null;
}

export interface RatingFacts {
  readonly plans: readonly PlanOfContract[];
  readonly versions: readonly PlanVersion[];
  readonly evse: EvseFacts | null;
  /** The operator the record names, for EVSEs that we do not know. */
  readonly operatorKey: string | null;
  readonly vatRates: readonly VatRate[];
  readonly prices: readonly ListedPrice[];
}

export interface RatedCharge {
  readonly state: 'rated';
  readonly session: ChargedSession;
  readonly planId: string;
  readonly planVersion: number;
  readonly price: PriceBreakdown;
  readonly taxCountry: string;
  readonly vatRatePercent: Decimal;
  /** For this charge alone; an invoice computes VAT once, on the sum of its lines. */
  readonly vat: Decimal;
  readonly gross: Decimal;
  /** `YYYY-MM` of the end of the session where the EVSE stands. */
  readonly month: string;
  /** Whose price the cost is; `null` = nobody knows. */
  readonly operatorKey: string | null;
  readonly cost: CostBreakdown | { readonly unknown: CostRefusal; readonly detail: string };
  readonly notes: readonly string[];
}

/** Not priced until a fact arrives or a person looks: the reason names which. */
export interface WaitingCharge {
  readonly state: 'waiting';
  readonly reason: string;
  readonly detail: string;
}

/** Everything a session costs and brings, from facts alone. What is missing makes it wait; nothing is guessed. */
export function rateCharge(record: AcceptedRecord, facts: RatingFacts): RatedCharge | WaitingCharge {
  const read = sessionOf(record);
  if (!read.ok) return waits(read.refusal);
  const session = read.value;
  const plan = pinnedPlan(record.contractRef, session.sessionStart.epochMillis, facts.plans, facts.versions);
  if (!plan.ok) return waits(plan.refusal);
  const place = placeOfConsumption(record.evseId, facts.evse?.country ?? null);
  if (!place.ok) return waits(place.refusal);
  const supplied = localDay(session.sessionEnd, facts.evse?.timeZone ?? null);
  const rate = vatRateOn(facts.vatRates, place.value.country, supplied.day);
  if (!rate.ok) return waits(rate.refusal);
  const { version } = plan.value;
  const priced = priceSession(version.tariff, session);
  if (!priced.ok) return waits(priced.refusal);

  const net = new Money(priced.value.net, priced.value.currency);
  const vat = vatOf(net, rate.value.ratePercent);
  const { operatorKey, cost } = costOf(record, session, facts);
  return {
    state: 'rated', session, planId: version.planId, planVersion: version.version, price: priced.value,
    taxCountry: place.value.country, vatRatePercent: rate.value.ratePercent, vat: vat.amount, gross: net.plus(vat).amount,
    month: supplied.day.slice(0, 7), operatorKey, cost,
    notes: [...plan.value.notes, ...place.value.notes, ...supplied.notes, ...withoutZone([session.sessionStart, session.sessionEnd])],
  };
}

/** What the operator will ask of us, as far as their prices are known; asked again when a price has come. */
export function costOf(record: AcceptedRecord, session: ChargedSession, facts: RatingFacts): Pick<RatedCharge, 'operatorKey' | 'cost'> {
  const operatorKey = facts.evse?.operatorKey ?? facts.operatorKey;
  const cost = purchaseCost(record, session, operatorKey, { prices: facts.prices, maximumPowerKw: facts.evse?.maximumPowerKw ?? null });
  return { operatorKey, cost: cost.ok ? cost.value : { unknown: cost.refusal.reason, detail: cost.refusal.detail } };
}

const waits = ({ reason, detail }: { readonly reason: string; readonly detail: string }): WaitingCharge =>
  ({ state: 'waiting', reason, detail });

const withoutZone = (instants: readonly OffsetDateTime[]): readonly string[] =>
  instants.filter((at) => at.offsetMinutes === null).map((at) => `"${at.text}" has no time zone and was read as UTC`);
