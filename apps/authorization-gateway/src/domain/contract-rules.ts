import { operatorKey, operatorPrefixOf } from '@emp/oicp';
import { countryOf } from './country-of.ts';

/** An empty list of allowed ones allows all; what is denied is denied even if it is allowed. */
export interface AllowAndDeny {
  readonly allowed: readonly string[];
  readonly denied: readonly string[];
}

/** What a contract allows beyond its validity. Many contracts have the same ones, most have none. */
export interface ContractRules {
  /** Keys of operators, as `operatorKey` makes them. */
  readonly operators: AllowAndDeny | null;
  /** ISO 3166 alpha-2. */
  readonly countries: AllowAndDeny | null;
  /** Sessions at the same time; `null` = any number. */
  readonly sessionLimit: number | null;
  /** Whether each session needs something left of a prepaid credit or a spending limit. */
  readonly hasCredit: boolean;
  /** Whether media beside the contract's own may stop its sessions. */
  readonly hasStopMedia: boolean;
  /** What became of the certificate the contract gave the vehicle. */
  readonly vehicleCertificate: 'valid' | 'revoked';
}

export const NO_RULES: ContractRules = {
  operators: null,
  countries: null,
  sessionLimit: null,
  hasCredit: false,
  hasStopMedia: false,
  vehicleCertificate: 'valid',
};

/** Where a driver wants to charge, as far as rules look at it. */
export interface ChargingPlace {
  /** The operator HBS asks for and, if the EVSE's id names another, its sub-operator: either may be listed (§6.5). */
  readonly operatorKeys: readonly string[];
  readonly country: string | null;
  readonly namedBy: 'evse' | 'operator';
}

/** Without an EVSE (the card was shown before a socket was chosen, OICP §8.1) the operator of the message decides. */
export function placeOf(operatorId: string, evseId: string | null): ChargingPlace {
  const hub = operatorKey(operatorId);
  const prefix = evseId === null ? undefined : operatorPrefixOf(evseId);
  const sub = prefix === undefined ? hub : operatorKey(prefix);
  return {
    operatorKeys: sub === hub ? [hub] : [sub, hub],
    country: countryOf(evseId ?? operatorId),
    namedBy: evseId === null ? 'operator' : 'evse',
  };
}

export type PlaceRule = 'operator-not-subscribed' | 'operator-not-allowed' | 'country-not-allowed';

/** Which rule keeps a contract's driver from charging at a place; `undefined` if none does. */
export function ruleAgainst(
  place: ChargingPlace,
  rules: ContractRules,
  /** Keys of the operators our provider has an agreement with; `undefined` = with all. */
  subscribed: ReadonlySet<string> | undefined,
): PlaceRule | undefined {
  if (subscribed && !place.operatorKeys.some((key) => subscribed.has(key))) return 'operator-not-subscribed';
  if (rules.operators && !isAllowed(place.operatorKeys, rules.operators)) return 'operator-not-allowed';
  const country = place.country === null ? [] : [place.country];
  if (rules.countries && !isAllowed(country, rules.countries)) return 'country-not-allowed';
  return undefined;
}

const isAllowed = (names: readonly string[], { allowed, denied }: AllowAndDeny): boolean =>
  !names.some((name) => denied.includes(name)) &&
  (allowed.length === 0 || names.some((name) => allowed.includes(name)));
