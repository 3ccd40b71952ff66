/** OICP §10, enumerations of authorization, sessions and notifications. Exact literals. */
export const AUTHORIZATION_STATUSES = ['Authorized', 'NotAuthorized'] as const;
export type AuthorizationStatus = (typeof AUTHORIZATION_STATUSES)[number];

export const CHARGING_NOTIFICATION_TYPES = ['Start', 'Progress', 'End', 'Error'] as const;
export type ChargingNotificationType = (typeof CHARGING_NOTIFICATION_TYPES)[number];

/** `ConnectorError`: the driver should look at the plug. `CriticalError`: an abrupt stop by hardware or communication. */
export const ERROR_TYPES = ['ConnectorError', 'CriticalError'] as const;
export type ErrorType = (typeof ERROR_TYPES)[number];

export const METERING_STATUSES = ['Start', 'Progress', 'End'] as const;
export type MeteringStatus = (typeof METERING_STATUSES)[number];

/** Proposals for PartnerProductID; any text up to 50 characters is allowed (E-43). */
export const PROPOSED_PRODUCT_IDS = ['Standard Price', 'AC1', 'AC3', 'DC', 'Free'] as const;
