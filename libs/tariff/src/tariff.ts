import type { Currency, Decimal } from '@emp/money';

/** What can be priced, after OCPI's TariffDimensionType. */
export const COMPONENT_TYPES = ['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'] as const;
export type ComponentType = (typeof COMPONENT_TYPES)[number];

export interface PriceComponent {
  readonly type: ComponentType;
  /** Net: per kWh (ENERGY), per hour (TIME, PARKING_TIME), per session (FLAT). */
  readonly price: Decimal;
  /** Smallest billed amount: Wh for ENERGY, seconds for times; 0 = exact, as is 1 for FLAT, which ignores it. */
  readonly stepSize: number;
}

/**
 * Some price components that apply together. Restrictions (time of day, thresholds) will be a member here; until they
 * are priced, `readTariff` refuses a tariff that has them.
 */
export interface TariffElement {
  readonly components: readonly PriceComponent[];
}

/** What the driver agreed to, after OCPI's Tariff. Prices are net. For each dimension the first element that has it counts. */
export interface Tariff {
  readonly currency: Currency;
  readonly elements: readonly TariffElement[];
  /** Bounds of the whole session, net; if they contradict, the maximum wins. */
  readonly minPrice: Decimal | null;
  readonly maxPrice: Decimal | null;
  /** What TIME counts: `charging` = ChargingStart…ChargingEnd, `session` = SessionStart…SessionEnd. */
  readonly timeCounts: TimeCounts;
  /** Seconds after the end of charging that PARKING_TIME does not count (OCPI cannot say this). */
  readonly parkingGraceSeconds: number;
  /** A session that took less than this many Wh costs nothing, whatever the elements say; 0 = every session costs. */
  readonly freeBelowWh: number;
}

export type TimeCounts = 'charging' | 'session';
