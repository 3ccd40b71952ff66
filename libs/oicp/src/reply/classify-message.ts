import type { MessageKind } from '../messages/messages.ts';

/** What kind of message a document is, and how that was recognised. */
export type Classification =
  | { readonly kind: MessageKind; readonly confidence: 'certain' | 'likely' | 'guess'; readonly reason: string }
  | { readonly kind: undefined; readonly confidence: 'none'; readonly reason: string };

type Source = Readonly<Record<string, unknown>>;

interface Sign {
  readonly kind: MessageKind;
  readonly confidence: 'certain' | 'likely' | 'guess';
  readonly reason: string;
  readonly fits: (has: (...names: string[]) => boolean, value: Source) => boolean;
}

const sign = (
  kind: MessageKind, confidence: Sign['confidence'], reason: string, fits: Sign['fits'],
): Sign => ({ kind, confidence, reason, fits });

const isObject = (value: unknown): value is Source => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first sign that fits decides: from members that only one kind has to those that several share. */
const SIGNS: readonly Sign[] = [
  sign('PushAuthenticationData', 'certain', 'only it has ProviderAuthenticationData', (has) => has('ProviderAuthenticationData')),
  sign('AuthorizationStart', 'certain', 'AuthorizationStopIdentifications', (has) => has('AuthorizationStatus', 'AuthorizationStopIdentifications')),
  sign('AuthorizationStop', 'likely', 'AuthorizationStatus beside Result', (has) => has('AuthorizationStatus', 'Result')),
  sign('AuthorizationStart', 'likely', 'AuthorizationStatus; AuthorizationStop looks the same', (has) => has('AuthorizationStatus')),
  sign('ChargingNotification', 'certain', 'Type and SessionID', (has) => has('Type', 'SessionID')),
  sign('ContractsDocument', 'certain', 'offers of an operator', (has) => has('Offers') || has('CPOGeneralInformation')),
  sign('EvseStatusById', 'certain', 'EVSEStatusRecords', (has) => has('EVSEStatusRecords')),
  sign('EvseStatus', 'likely', 'EvseStatuses; the answers to both other pulls look the same', (has) => has('EvseStatuses')),
  sign('PricingProductData', 'certain', 'a list of products', (has) => has('PricingProductData') || has('OperatorPricingProducts')),
  sign('EvsePricing', 'certain', 'EVSEPricing', (has) => has('EVSEPricing') || has('OperatorEVSEPricing')),
  sign('GetChargeDetailRecords', 'certain', 'a window From–To', (has) => has('From', 'To', 'ProviderID')),
  sign('PullEvseData', 'certain', 'GeoCoordinatesResponseFormat', (has) => has('GeoCoordinatesResponseFormat')),
  sign('ChargeDetailRecord', 'certain', 'a session with its energy', (has) =>
    has('SessionID') && (has('ConsumedEnergy') || has('SessionEnd') || has('ChargingEnd'))),
  sign('EvseDataRecord', 'certain', 'an EVSE with plugs or facilities', (has) =>
    has('EvseID') && (has('Plugs') || has('ChargingFacilities') || has('ChargingStationNames') || has('Address'))),
  sign('EvseStatusRecord', 'certain', 'an EVSE with its status', (has, value) =>
    has('EvseID', 'EvseStatus') && typeof value.EvseID === 'string'),
  sign('AuthorizeRemoteReservationStart', 'certain', 'a provider, an EVSE and a duration', (has) =>
    has('ProviderID', 'EvseID', 'Identification', 'Duration')),
  sign('AuthorizeRemoteReservationStart', 'guess', 'a remote start of the product "Reservation"', (has, { PartnerProductID: product }) =>
    has('ProviderID', 'EvseID', 'Identification') && typeof product === 'string' && /reserv/i.test(product)),
  sign('AuthorizeRemoteStart', 'likely', 'a provider, an EVSE and an identification; a reservation may look the same', (has) =>
    has('ProviderID', 'EvseID', 'Identification')),
  sign('AuthorizeStart', 'likely', 'an operator and an identification; AuthorizeStop looks the same', (has) =>
    has('OperatorID', 'Identification')),
  sign('AuthorizeRemoteStop', 'likely', 'a provider, an EVSE and a session; a reservation stop looks the same', (has) =>
    has('ProviderID', 'EvseID', 'SessionID')),
  sign('PullEvseStatusById', 'certain', 'a provider and a list of EVSEs', (has) => has('ProviderID', 'EvseID')),
  sign('PullEvsePricing', 'likely', 'a provider and OperatorIDs', (has) => has('ProviderID', 'OperatorIDs')),
  sign('PullEvseStatusByOperatorId', 'likely', 'a provider and operators', (has) => has('ProviderID', 'OperatorID')),
  sign('PullPricingProductData', 'certain', 'OperatorIDs without a provider', (has) => has('OperatorIDs')),
  sign('Acknowledgement', 'certain', 'Result and StatusCode', (has) => has('Result', 'StatusCode')),
  sign('FaultBody', 'certain', 'complaints of HBS about a message', (has) => has('message', 'validationErrors')),
  sign('PullEvseStatus', 'guess', 'nothing but a provider', (has) => has('ProviderID')),
  sign('Acknowledgement', 'guess', 'a bare status code, as HBS sends it for errors', (has) => has('StatusCode')),
];

const PAGES: readonly { readonly kind: MessageKind; readonly member: string }[] = [
  { kind: 'ChargeDetailRecordPage', member: 'sessionid' },
  { kind: 'ContractEvsesPage', member: 'evseid-only' },
  { kind: 'EvseDataPage', member: 'evseid' },
];

/**
 * What kind of message a parsed JSON document is, by the members it has (in any case; nulls count as absent). Several
 * kinds look alike, which `confidence` and `reason` say.
 */
export function classifyMessage(value: unknown): Classification {
  if (Array.isArray(value)) return { kind: undefined, confidence: 'none', reason: 'a list, not a JSON object: a message is one object' };
  if (!isObject(value)) return { kind: undefined, confidence: 'none', reason: 'not a JSON object' };
  const members = membersOf(value);
  const has = (...names: string[]): boolean => names.every((name) => members.has(name.toLowerCase()));
  if (has('content')) return classifyPage(value);
  const found = SIGNS.find(({ fits }) => fits(has, value));
  return found === undefined
    ? { kind: undefined, confidence: 'none', reason: 'no kind of message has these members' }
    : { kind: found.kind, confidence: found.confidence, reason: found.reason };
}

function classifyPage(value: Source): Classification {
  const first = Array.isArray(value.content) ? value.content.find(isObject) : undefined;
  if (first === undefined) {
    return { kind: 'EvseDataPage', confidence: 'guess', reason: 'a page without records; all pages look the same then' };
  }
  const members = membersOf(first);
  if (members.size === 1 && members.has('evseid')) members.add('evseid-only');
  const page = PAGES.find(({ member }) => members.has(member));
  return page === undefined
    ? { kind: undefined, confidence: 'none', reason: 'a page of unknown records' }
    : { kind: page.kind, confidence: 'certain', reason: 'a page, recognised by its first record' };
}

const membersOf = (value: Source): Set<string> =>
  new Set(Object.keys(value).filter((key) => value[key] !== null && value[key] !== undefined).map((key) => key.toLowerCase()));

