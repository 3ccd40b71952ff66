export type { PriceBreakdown, PricedLine, PriceUnit } from './breakdown.ts';
export { costOfSession, type CostBreakdown, type CostRefusal } from './cost-of-session.ts';
export {
  chooseOperatorPrice, type AdditionalReference, type OperatorPrice, type PriceChoice, type PriceQuestion, type PriceRefusal,
} from './operator-price.ts';
export { priceSession } from './price-session.ts';
export { readTariff, type TariffProblem, type TariffReading } from './read-tariff.ts';
export type { ChargedSession, SessionFlaw } from './session.ts';
export { COMPONENT_TYPES, type ComponentType, type PriceComponent, type Tariff, type TariffElement, type TimeCounts } from './tariff.ts';
export { tariffDocument } from './tariff-document.ts';
