/** An operation of HBS as the client calls it (OICP §2.2, §14). */
export type OperationName =
  | 'AuthorizeRemoteStart' | 'AuthorizeRemoteStop'
  | 'AuthorizeRemoteReservationStart' | 'AuthorizeRemoteReservationStop'
  | 'PushAuthenticationData' | 'GetChargeDetailRecords' | 'PullEvseData'
  | 'PullEvseStatus' | 'PullEvseStatusById' | 'PullEvseStatusByOperatorId'
  | 'PullPricingProductData' | 'PullEvsePricing'
  | 'NgpContracts' | 'NgpContractEvses';

/**
 * When the same message may be sent again without asking anyone (OICP §2.8).
 * - `always`: repeating changes nothing (pulls, full loads, stops).
 * - `unless-sent`: only if the message certainly never arrived; else a second session or a duplicate could come of it.
 */
export type Repeatable = 'always' | 'unless-sent';

export interface Operation {
  readonly name: OperationName;
  /** Appended to the base URL; `{providerID}` is filled in. */
  readonly path: string;
  /** Calls per minute that Hubject publishes (OICP §2.8); we use 80 % of it. */
  readonly perMinute: number;
  /** OICP §2.7. */
  readonly timeoutMs: number;
  readonly repeatable: Repeatable;
  /** Tries altogether. */
  readonly attempts: number;
  /** How long a call may queue for its turn under the rate limit before it is given up. */
  readonly patienceMs: number;
}

const pull = { repeatable: 'always', attempts: 5, patienceMs: 300_000 } as const;

/** Every operation with its limits. A driver waits for the first four, nobody for the others. */
export const OPERATIONS: Readonly<Record<OperationName, Operation>> = {
  AuthorizeRemoteStart: {
    name: 'AuthorizeRemoteStart', path: '/charging/v21/providers/{providerID}/authorize-remote/start',
    // HBS itself gives the operator 60 s.
    perMinute: 100, timeoutMs: 68_000, repeatable: 'unless-sent', attempts: 2, patienceMs: 10_000,
  },
  AuthorizeRemoteStop: {
    name: 'AuthorizeRemoteStop', path: '/charging/v21/providers/{providerID}/authorize-remote/stop',
    perMinute: 200, timeoutMs: 68_000, repeatable: 'always', attempts: 3, patienceMs: 10_000,
  },
  AuthorizeRemoteReservationStart: {
    name: 'AuthorizeRemoteReservationStart', path: '/reservation/v11/providers/{providerID}/reservation-start-request',
    perMinute: 100, timeoutMs: 68_000, repeatable: 'unless-sent', attempts: 2, patienceMs: 10_000,
  },
  AuthorizeRemoteReservationStop: {
    name: 'AuthorizeRemoteReservationStop', path: '/reservation/v11/providers/{providerID}/reservation-stop-request',
    perMinute: 200, timeoutMs: 68_000, repeatable: 'always', attempts: 3, patienceMs: 10_000,
  },
  PushAuthenticationData: {
    // A full load is one message with every card; the other actions are not repeatable (see `push.ts`).
    name: 'PushAuthenticationData', path: '/authdata/v21/providers/{providerID}/push-request',
    perMinute: 50, timeoutMs: 60_000, repeatable: 'always', attempts: 3, patienceMs: 120_000,
  },
  GetChargeDetailRecords: {
    ...pull, name: 'GetChargeDetailRecords',
    path: '/cdrmgmt/v22/providers/{providerID}/get-charge-detail-records-request', perMinute: 200, timeoutMs: 60_000,
  },
  PullEvseData: {
    // 100 by the policy, 25 by a support article (E-10): stay below the smaller one.
    ...pull, name: 'PullEvseData', path: '/evsepull/v23/providers/{providerID}/data-records',
    perMinute: 25, timeoutMs: 300_000,
  },
  PullEvseStatus: {
    ...pull, name: 'PullEvseStatus', path: '/evsepull/v21/providers/{providerID}/status-records',
    perMinute: 6, timeoutMs: 300_000,
  },
  PullEvseStatusById: {
    ...pull, name: 'PullEvseStatusById', path: '/evsepull/v21/providers/{providerID}/status-records-by-id',
    perMinute: 300, timeoutMs: 15_000,
  },
  PullEvseStatusByOperatorId: {
    ...pull, name: 'PullEvseStatusByOperatorId',
    path: '/evsepull/v21/providers/{providerID}/status-records-by-operator-id', perMinute: 75, timeoutMs: 15_000,
  },
  PullPricingProductData: {
    ...pull, name: 'PullPricingProductData', path: '/dynamicpricing/v10/providers/{providerID}/pricing-products',
    perMinute: 300, timeoutMs: 15_000,
  },
  PullEvsePricing: {
    ...pull, name: 'PullEvsePricing', path: '/dynamicpricing/v10/providers/{providerID}/evse-pricing',
    perMinute: 280, timeoutMs: 15_000,
  },
  NgpContracts: {
    ...pull, name: 'NgpContracts', path: '/contracts/v1/providers/{providerID}/operators/{operatorID}',
    perMinute: 50, timeoutMs: 15_000,
  },
  NgpContractEvses: {
    ...pull, name: 'NgpContractEvses',
    path: '/contracts/v1/providers/{providerID}/operators/{operatorID}/service-offers/{serviceOfferID}' +
      '/networks/{networkID}/groups/{groupID}/evses',
    perMinute: 60, timeoutMs: 15_000,
  },
};
