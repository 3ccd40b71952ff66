import {
  identificationOf, isStrictEvseId, parseEvseId, parseOperatorId, parseProviderId, parseSessionId, statusCodeEntry,
  type Identification, type MessageKind,
} from '@emp/oicp';

type Message = Readonly<Record<string, unknown>>;
export type Facts = readonly (readonly [name: string, value: string])[];

const DRIVERS = {
  rfid: 'a card (its number is not shown)',
  qr: 'a QR code (the contract is not shown)',
  'plug-and-charge': 'Plug & Charge (the contract is not shown)',
  remote: 'a remote start (the contract is not shown)',
  none: 'nobody: no identification is there',
} as const;

/**
 * What a message tells, in short. Never a card number or a contract id: an id is shown only if it is what it should be.
 */
export function messageFacts(kind: MessageKind, message: Message): Facts {
  const { AuthorizationStatus, Result, Type, ActionType, ConsumedEnergy } = message;
  return present([
    ['type', literal(Type)],
    ['action', literal(ActionType)],
    ['session', id(message['SessionID'], (text) => parseSessionId(text).ok)],
    ['EVSE', id(message['EvseID'], (text) => parseEvseId(text).ok && (isStrictEvseId(text) || text.includes('*')))],
    ['operator', id(message['OperatorID'], (text) => parseOperatorId(text).ok)],
    ['provider', id(message['ProviderID'], (text) => parseProviderId(text).ok)],
    [
      'driver',
      'Identification' in message || kind === 'ChargeDetailRecord'
        ? DRIVERS[identificationOf(message['Identification'] as Identification | undefined).kind]
        : undefined,
    ],
    ['energy', number(ConsumedEnergy) && `${number(ConsumedEnergy)} kWh`],
    ['result', typeof Result === 'boolean' ? (Result ? 'done' : 'not done') : literal(AuthorizationStatus)],
    ['status code', statusText(message)],
    ['about', complaintsText(kind, message)],
    ['records', recordCount(kind, message)],
    ['page', pageText(message)],
  ]);
}

/** The code of a reply: of its own, or of the status code that is all of it. */
export function codeOf(message: Message): string | undefined {
  const code = (message['StatusCode'] as { readonly Code?: unknown } | undefined)?.Code;
  return typeof code === 'string' && /^\d{3}$/.test(code) ? code : undefined;
}

function statusText(message: Message): string | undefined {
  const code = codeOf(message);
  return code && `${code} ${statusCodeEntry(code)?.description ?? 'not a code of OICP 2.3'}`;
}

/** Where the records of a kind are; lists on the way are walked through. */
const RECORDS: Partial<Record<MessageKind, readonly string[]>> = {
  ChargeDetailRecordPage: ['content'],
  EvseDataPage: ['content'],
  ContractEvsesPage: ['content'],
  PushAuthenticationData: ['ProviderAuthenticationData', 'AuthenticationDataRecord'],
  EvseStatus: ['EvseStatuses', 'OperatorEvseStatus', 'EvseStatusRecord'],
  EvseStatusByOperatorId: ['EvseStatuses', 'OperatorEvseStatus', 'EvseStatusRecord'],
  EvseStatusById: ['EVSEStatusRecords', 'EvseStatusRecord'],
  PricingProductData: ['PricingProductData', 'PricingProductDataRecords'],
  EvsePricing: ['EVSEPricing', 'EVSEPricing'],
  ContractsDocument: ['Offers'],
};

function recordCount(kind: MessageKind, message: Message): string | undefined {
  const path = RECORDS[kind];
  return (
    path &&
    String(
      path.reduce<readonly unknown[]>(
        (values, name) => values.flatMap((value) => (value as Message | null)?.[name] ?? []),
        [message],
      ).length,
    )
  );
}

/** The members HBS complains about; its texts may repeat what they complain about, so they are not shown. */
function complaintsText(kind: MessageKind, { validationErrors }: Message): string | undefined {
  if (kind !== 'FaultBody' || !Array.isArray(validationErrors)) return undefined;
  return validationErrors
    .flatMap((each: { fieldReference?: unknown } | null) => {
      const reference = each?.fieldReference;
      return typeof reference === 'string' && /^[A-Za-z.[\]0-9]{1,100}$/.test(reference) ? [reference] : [];
    })
    .join(', ');
}

function pageText({ number: page, totalPages, totalElements }: Message): string | undefined {
  return typeof page === 'number' && typeof totalPages === 'number'
    ? `${page + 1} of ${totalPages}, ${String(totalElements ?? '?')} elements altogether`
    : undefined;
}

const id = (value: unknown, isOne: (text: string) => boolean): string | undefined => {
  if (typeof value !== 'string') return undefined;
  return isOne(value) ? value : 'not shown: it is none';
};
const literal = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[A-Za-z ]{1,30}$/.test(value) ? value : undefined;
const number = (value: unknown): string | undefined =>
  typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? value : undefined;
const present = (facts: readonly (readonly [string, string | undefined])[]): Facts =>
  facts.flatMap(([name, value]) => (value ? [[name, value] as const] : []));
