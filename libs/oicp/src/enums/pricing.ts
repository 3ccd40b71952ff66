/** OICP §10 and §14, enumerations of prices. Exact literals. */
export const REFERENCE_UNITS = ['HOUR', 'KILOWATT_HOUR', 'MINUTE'] as const;
export type ReferenceUnit = (typeof REFERENCE_UNITS)[number];

/**
 * `START FEE`: once a session, on top. `FIXED FEE`: one price whatever is used, the base price is then 0.
 * `PARKING FEE`: when it applies is only said in the portal. `MINIMUM FEE`, `MAXIMUM FEE`: floor and cap of the price.
 */
export const ADDITIONAL_REFERENCES = ['START FEE', 'FIXED FEE', 'PARKING FEE', 'MINIMUM FEE', 'MAXIMUM FEE'] as const;
export type AdditionalReferenceLiteral = (typeof ADDITIONAL_REFERENCES)[number];

/** NGP price documents (§14). */
export const PRICING_COMPONENT_TYPES = ['CHARGING_ENERGY', 'CHARGING_TIME', 'PARKING', 'SESSION', 'BLOCKING_FEE'] as const;
export type PricingComponentType = (typeof PRICING_COMPONENT_TYPES)[number];

export const NGP_REFERENCE_UNITS = ['MINUTE', 'HOUR', 'KILOWATT_HOUR', 'NONE'] as const;
export type NgpReferenceUnit = (typeof NGP_REFERENCE_UNITS)[number];

export const FEE_INITIATIONS = ['SESSION_START', 'CHARGING_END'] as const;
export type FeeInitiation = (typeof FEE_INITIATIONS)[number];

export const OFFER_TYPES = ['OFFER_TO_ALL', 'BILATERAL'] as const;
export type OfferType = (typeof OFFER_TYPES)[number];

export const NGP_DAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;
export type NgpDay = (typeof NGP_DAYS)[number];
