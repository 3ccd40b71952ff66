import type { MessageKind } from '../messages/messages.ts';

export type HbsEnvironment = 'qa' | 'prod';

/** Hubject's hosts (OICP §2.1). OICP paths append to `oicp`, the price documents of §14 to `premium`. */
export const HBS_BASE_URLS: Readonly<Record<HbsEnvironment, { oicp: string; premium: string; portal: string }>> = {
  qa: {
    oicp: 'https://service-qa.hubject.com/api/oicp',
    premium: 'https://service-qa.hubject.com/api/premium',
    portal: 'https://portal-qa.hubject.com/',
  },
  prod: {
    oicp: 'https://service.hubject.com/api/oicp',
    premium: 'https://service.hubject.com/api/premium',
    portal: 'https://portal.hubject.com/',
  },
};

/** What HBS puts before the paths it calls at the provider (OICP §2.2). */
export const EMP_DOOR_PREFIX = '/api/oicp';

export interface Endpoint {
  readonly operation: string;
  /** Whose part this is; the operations of operators are not ours to speak. */
  readonly role: 'emp';
  /** Who calls whom, seen from the provider. */
  readonly direction: 'emp-to-hbs' | 'hbs-to-emp';
  readonly api: 'oicp' | 'premium';
  readonly method: 'POST' | 'GET';
  /** After the base URL; names in braces are filled in (`{providerID}`, `{operatorID}`). */
  readonly path: string;
  /** Service name and version of the specification. */
  readonly service: string;
  readonly serviceVersion: string;
  /** Query parameters of paged operations. */
  readonly query: readonly string[];
  readonly request: MessageKind | undefined;
  readonly reply: MessageKind;
  /** Calls per minute and partner by the acceptable use policy (§2.8). */
  readonly perMinute: number;
  /** Milliseconds: how long a client should wait, or, inbound, within which we should answer (§2.7). */
  readonly timeoutMs: number;
  /** Whether the same request may be sent again (§2.8). */
  readonly retry: 'always' | 'sequentially' | 'never-blindly' | 'by-hbs-only';
  /** Whether providers must speak it, by mode (§1). */
  readonly offline: 'mandatory' | 'optional' | 'not-used';
  readonly online: 'mandatory' | 'optional' | 'not-used';
  /** What to mind. */
  readonly note?: string;
}

type Common = Pick<Endpoint, 'role' | 'direction' | 'api' | 'method' | 'query'>;
const call: Common = { role: 'emp', direction: 'emp-to-hbs', api: 'oicp', method: 'POST', query: [] };
const answer: Common = { role: 'emp', direction: 'hbs-to-emp', api: 'oicp', method: 'POST', query: [] };
const premium: Common = { role: 'emp', direction: 'emp-to-hbs', api: 'premium', method: 'GET', query: [] };
const paged = ['page', 'size', 'sort'] as const;
const must = { offline: 'mandatory', online: 'mandatory' } as const;
const may = { offline: 'optional', online: 'optional' } as const;

/** Every operation a provider takes part in (OICP §1, §2.2, §2.7, §2.8, §14). */
export const ENDPOINTS = {
  AuthorizeStart: {
    ...answer, operation: 'AuthorizeStart', path: '/charging/v21/operators/{operatorID}/authorize/start',
    service: 'eRoamingAuthorization', serviceVersion: '2.1', request: 'AuthorizeStart', reply: 'AuthorizationStart',
    perMinute: 200, timeoutMs: 3_000, retry: 'by-hbs-only', offline: 'not-used', online: 'mandatory',
    note: 'broadcast: most cards are not ours; the limit is that of one operator towards HBS',
  },
  AuthorizeStop: {
    ...answer, operation: 'AuthorizeStop', path: '/charging/v21/operators/{operatorID}/authorize/stop',
    service: 'eRoamingAuthorization', serviceVersion: '2.1', request: 'AuthorizeStop', reply: 'AuthorizationStop',
    perMinute: 50, timeoutMs: 3_000, retry: 'by-hbs-only', offline: 'not-used', online: 'optional',
  },
  ChargeDetailRecord: {
    ...answer, operation: 'ChargeDetailRecord', path: '/cdrmgmt/v22/operators/{operatorID}/charge-detail-record',
    service: 'eRoamingChargeDetailRecord', serviceVersion: '2.2', request: 'ChargeDetailRecord', reply: 'Acknowledgement',
    perMinute: 350, timeoutMs: 30_000, retry: 'by-hbs-only', offline: 'not-used', online: 'mandatory',
    note: 'HBS does not deliver again: reconcile with GetChargeDetailRecords',
  },
  ChargingNotification: {
    ...answer, operation: 'ChargingNotification', path: '/notificationmgmt/v11/charging-notifications',
    service: 'eRoamingChargingNotifications', serviceVersion: '1.1', request: 'ChargingNotification', reply: 'Acknowledgement',
    perMinute: 100, timeoutMs: 10_000, retry: 'by-hbs-only', offline: 'not-used', online: 'optional',
    note: 'Start, Progress, End and Error at one path without an id',
  },
  AuthorizeRemoteStart: {
    ...call, ...must, operation: 'AuthorizeRemoteStart', path: '/charging/v21/providers/{providerID}/authorize-remote/start',
    service: 'eRoamingAuthorization', serviceVersion: '2.1', request: 'AuthorizeRemoteStart', reply: 'Acknowledgement',
    perMinute: 100, timeoutMs: 68_000, retry: 'never-blindly',
    note: 'the operator has 60 s; after a timeout wait for a notification or a record',
  },
  AuthorizeRemoteStop: {
    ...call, ...must, operation: 'AuthorizeRemoteStop', path: '/charging/v21/providers/{providerID}/authorize-remote/stop',
    service: 'eRoamingAuthorization', serviceVersion: '2.1', request: 'AuthorizeRemoteStop', reply: 'Acknowledgement',
    perMinute: 200, timeoutMs: 68_000, retry: 'always', note: 'after the record: 400',
  },
  AuthorizeRemoteReservationStart: {
    ...call, ...may, operation: 'AuthorizeRemoteReservationStart',
    path: '/reservation/v11/providers/{providerID}/reservation-start-request',
    service: 'eRoamingReservation', serviceVersion: '1.1', request: 'AuthorizeRemoteReservationStart', reply: 'Acknowledgement',
    perMinute: 100, timeoutMs: 68_000, retry: 'never-blindly', note: 'no limit of its own is published: that of remote start',
  },
  AuthorizeRemoteReservationStop: {
    ...call, ...may, operation: 'AuthorizeRemoteReservationStop',
    path: '/reservation/v11/providers/{providerID}/reservation-stop-request',
    service: 'eRoamingReservation', serviceVersion: '1.1', request: 'AuthorizeRemoteReservationStop', reply: 'Acknowledgement',
    perMinute: 200, timeoutMs: 68_000, retry: 'always', note: 'no limit of its own is published: that of remote stop',
  },
  PushAuthenticationData: {
    ...call, operation: 'PushAuthenticationData', path: '/authdata/v21/providers/{providerID}/push-request',
    service: 'eRoamingAuthenticationData', serviceVersion: '2.1', request: 'PushAuthenticationData', reply: 'Acknowledgement',
    perMinute: 50, timeoutMs: 60_000, retry: 'sequentially', offline: 'mandatory', online: 'not-used',
    note: 'one push at a time across all instances; only fullLoad may be repeated after an unclear outcome',
  },
  GetChargeDetailRecords: {
    ...call, operation: 'GetChargeDetailRecords',
    path: '/cdrmgmt/v22/providers/{providerID}/get-charge-detail-records-request', query: paged,
    service: 'eRoamingChargeDetailRecord', serviceVersion: '2.2', request: 'GetChargeDetailRecords', reply: 'ChargeDetailRecordPage',
    perMinute: 200, timeoutMs: 60_000, retry: 'always', offline: 'mandatory', online: 'optional',
  },
  PullEvseData: {
    ...call, ...must, operation: 'PullEvseData', path: '/evsepull/v23/providers/{providerID}/data-records', query: paged,
    service: 'eRoamingEvseData', serviceVersion: '2.3', request: 'PullEvseData', reply: 'EvseDataPage',
    perMinute: 25, timeoutMs: 300_000, retry: 'always', note: '100 by the policy, 25 by a support article (E-10)',
  },
  PullEvseStatus: {
    ...call, ...must, operation: 'PullEvseStatus', path: '/evsepull/v21/providers/{providerID}/status-records',
    service: 'eRoamingEvseStatus', serviceVersion: '2.1', request: 'PullEvseStatus', reply: 'EvseStatus',
    perMinute: 6, timeoutMs: 60_000, retry: 'always', note: 'one unpaged document: parse it as a stream',
  },
  PullEvseStatusById: {
    ...call, ...must, operation: 'PullEvseStatusById', path: '/evsepull/v21/providers/{providerID}/status-records-by-id',
    service: 'eRoamingEvseStatus', serviceVersion: '2.1', request: 'PullEvseStatusById', reply: 'EvseStatusById',
    perMinute: 300, timeoutMs: 15_000, retry: 'always', note: 'at most 100 ids',
  },
  PullEvseStatusByOperatorId: {
    ...call, ...must, operation: 'PullEvseStatusByOperatorId',
    path: '/evsepull/v21/providers/{providerID}/status-records-by-operator-id',
    service: 'eRoamingEvseStatus', serviceVersion: '2.1', request: 'PullEvseStatusByOperatorId', reply: 'EvseStatusByOperatorId',
    perMinute: 75, timeoutMs: 15_000, retry: 'always',
  },
  PullPricingProductData: {
    ...call, ...may, operation: 'PullPricingProductData', path: '/dynamicpricing/v10/providers/{providerID}/pricing-products',
    service: 'eRoamingDynamicPricing', serviceVersion: '1.0', request: 'PullPricingProductData', reply: 'PricingProductData',
    perMinute: 300, timeoutMs: 15_000, retry: 'always', note: 'no ProviderID in the body (E-41)',
  },
  PullEvsePricing: {
    ...call, ...may, operation: 'PullEvsePricing', path: '/dynamicpricing/v10/providers/{providerID}/evse-pricing',
    service: 'eRoamingDynamicPricing', serviceVersion: '1.0', request: 'PullEvsePricing', reply: 'EvsePricing',
    perMinute: 280, timeoutMs: 15_000, retry: 'always',
  },
  NgpContracts: {
    ...premium, ...may, operation: 'NgpContracts', path: '/contracts/v1/providers/{providerID}/operators/{operatorID}',
    service: 'NGP contracts', serviceVersion: '1', request: undefined, reply: 'ContractsDocument',
    perMinute: 50, timeoutMs: 15_000, retry: 'always', note: 'the unit of the limit is not stated',
  },
  NgpContractEvses: {
    ...premium, ...may, operation: 'NgpContractEvses',
    path: '/contracts/v1/providers/{providerID}/operators/{operatorID}/service-offers/{serviceOfferID}' +
      '/networks/{networkID}/groups/{groupID}/evses',
    query: ['page', 'size'], service: 'NGP contracts', serviceVersion: '1', request: undefined, reply: 'ContractEvsesPage',
    perMinute: 60, timeoutMs: 15_000, retry: 'always', note: 'the unit of the limit is not stated',
  },
} as const satisfies Record<string, Endpoint>;

export type OperationName = keyof typeof ENDPOINTS;

/** The endpoints as a list, e.g. to print them. */
export const endpointList = (): readonly Endpoint[] => Object.values(ENDPOINTS);

/**
 * The path of an operation with its ids filled in. Ids keep `*`, `-` and `+` unencoded, which is legal in a path segment
 * and what HBS expects (§2.2); everything else is encoded.
 */
export function endpointPath(operation: OperationName, ids: Readonly<Record<string, string>>): string {
  return ENDPOINTS[operation].path.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => {
    const id = ids[name];
    return id === undefined ? placeholder : encodeURIComponent(id).replaceAll('%2B', '+');
  });
}

/** The whole address of an operation of HBS. Of operations that HBS calls at us, the path behind our own host. */
export function endpointUrl(
  operation: OperationName, environment: HbsEnvironment, ids: Readonly<Record<string, string>> = {},
): string {
  const { direction, api } = ENDPOINTS[operation];
  const base = direction === 'emp-to-hbs' ? HBS_BASE_URLS[environment][api] : EMP_DOOR_PREFIX;
  return base + endpointPath(operation, ids);
}
