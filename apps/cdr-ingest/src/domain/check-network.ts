import { Decimal } from '@emp/money';
import { isSameProduct } from '@emp/oicp';
import type { CdrFacts } from './cdr-facts.ts';
import { billableEnergyKwh } from './cdr-facts.ts';
import { finding, type CdrFinding } from './cdr-finding.ts';
import type { CheckContext, CheckLimits, ListedEvse } from './check-context.ts';
import { zoneOffsetMinutes } from './zone-offset.ts';

const SOURCE = 'OICP §9.1';
const SECONDS_PER_HOUR = Decimal.of(3_600);
const PERCENT = Decimal.of(100);
/** Stations write whole minutes, cut or rounded. */
const ROUNDED_SECONDS = 60;

/** The record against what the network says of its EVSE: listed, able to give that much, standing in that time zone. */
export function checkNetwork(facts: CdrFacts, context: CheckContext): readonly CdrFinding[] {
  const { evse, limits } = context;
  if (evse === 'no-network' || facts.evseId === null) return [];
  if (evse === 'unlisted') {
    const message = 'no EVSE of this id is listed; when it comes, the record is checked again';
    return [finding('evse-unknown', 'error', message, { source: SOURCE, pointer: '/EvseID' })];
  }
  return [
    ...checkListed(facts, evse), ...checkPower(facts, evse, limits), ...checkOffset(facts, evse),
    ...checkProduct(facts, evse, context),
  ];
}

function checkListed({ sessionStart }: CdrFacts, { removedAt }: ListedEvse): readonly CdrFinding[] {
  if (!sessionStart || !removedAt || sessionStart.epochMillis <= removedAt.getTime()) return [];
  return [finding('evse-removed', 'warning', 'the EVSE was not listed any more when the session began', {
    source: SOURCE, pointer: '/EvseID', numbers: { removedAt: removedAt.toISOString() },
  })];
}

/** Energy ≤ facility power × duration; the longer of charging and session counts, in favour of the record. */
function checkPower(facts: CdrFacts, evse: ListedEvse, limits: CheckLimits): readonly CdrFinding[] {
  const energy = billableEnergyKwh(facts);
  const seconds = Math.max(
    secondsOf(facts.chargingStart?.epochMillis, facts.chargingEnd?.epochMillis),
    secondsOf(facts.sessionStart?.epochMillis, facts.sessionEnd?.epochMillis),
  );
  if (!energy || seconds <= 0 || evse.maximumPowerKw === null) return [];
  const power = evse.maximumPowerKw.times(PERCENT.plus(Decimal.of(limits.powerTolerancePercent))).dividedBy(PERCENT, 6);
  const possibleKwh = power.times(Decimal.of(seconds + ROUNDED_SECONDS)).dividedBy(SECONDS_PER_HOUR, 3);
  if (!energy.isGreaterThan(possibleKwh)) return [];
  return [finding('energy-exceeds-power', 'error', 'the EVSE cannot give that much in that time', {
    source: 'OICP §8.3', pointer: '/ConsumedEnergy',
    numbers: {
      energyKwh: energy.toString(), possibleKwh: possibleKwh.toString(), seconds: String(seconds),
      listedPowerKw: evse.maximumPowerKw.toString(), tolerancePercent: String(limits.powerTolerancePercent),
      averagePowerKw: energy.times(SECONDS_PER_HOUR).dividedBy(Decimal.of(seconds), 1).toString(),
    },
  })];
}

const secondsOf = (startMillis = 0, endMillis = startMillis): number => Math.ceil((endMillis - startMillis) / 1000);

/** A tariff by time of day stands or falls with it (OICP §3). */
function checkOffset({ sessionStart }: CdrFacts, { timeZone }: ListedEvse): readonly CdrFinding[] {
  const written = sessionStart?.offsetMinutes ?? null;
  if (!sessionStart || written === null || timeZone === null) return [];
  const expected = zoneOffsetMinutes(timeZone, sessionStart.epochMillis);
  if (expected === null || expected === written) return [];
  return [finding('offset-differs', 'warning', `the offset is not that of ${timeZone} at this moment`, {
    source: 'OICP §3', pointer: '/SessionStart',
    numbers: { offsetMinutes: String(written), expectedMinutes: String(expected) },
  })];
}

function checkProduct(facts: CdrFacts, evse: ListedEvse, { products }: CheckContext): readonly CdrFinding[] {
  const { partnerProductId } = facts;
  if (partnerProductId === null || products.length === 0) return [];
  const pointer = '/PartnerProductID';
  const listed = products.filter(({ productId }) => isSameProduct(productId, partnerProductId));
  if (listed.length === 0) {
    return [finding('product-not-listed', 'warning', 'the operator lists prices, but not of this product', {
      source: 'OICP §7.9', pointer, numbers: { listedProducts: String(products.length) },
    })];
  }
  const { maximumPowerKw: power } = evse;
  const least = listed.map(({ maximumPowerKw }) => maximumPowerKw).find((most) => most && power?.isGreaterThan(most));
  if (!least || !power) return [];
  return [finding('product-below-power', 'warning', 'the product is for EVSEs of less power than this one has', {
    source: 'OICP §7.10', pointer, numbers: { productPowerKw: least.toString(), listedPowerKw: power.toString() },
  })];
}
