/** Who, by Hubject's integration guide, sends a code (OICP §11). */
export type StatusCodeSender = 'HBS' | 'CPO' | 'EMP';

export interface StatusCodeEntry {
  readonly code: string;
  /** The standard text; `Description` must be this or empty. */
  readonly description: string;
  readonly group: 'general' | 'internal' | 'authentication' | 'session' | 'EVSE';
  readonly senders: readonly StatusCodeSender[];
  /** What it means for a provider. */
  readonly meaning: string;
}

const entry = (
  code: string, description: string, group: StatusCodeEntry['group'], senders: string, meaning: string,
): StatusCodeEntry => ({ code, description, group, senders: senders.split(' ') as StatusCodeSender[], meaning });

/** The 31 status codes of OICP 2.3 with their exact texts (§11). Others occur and are kept (E-54). */
export const STATUS_CODES = {
  '000': entry('000', 'Success.', 'general', 'HBS CPO EMP', 'done'),
  '001': entry('001', 'Hubject system error.', 'internal', 'HBS', 'repeat pulls later'),
  '002': entry('002', 'Hubject database error.', 'internal', 'HBS', 'repeat later'),
  '009': entry('009', 'Data transaction error.', 'internal', 'HBS',
    'two pushes at a time, an insert of what exists or an update of what does not; AdditionalInfo says which'),
  '017': entry('017', 'Unauthorized Access.', 'internal', 'HBS', 'certificate wrong or expired, or the id is not the certificate’s'),
  '018': entry('018', 'Inconsistent EvseID.', 'internal', 'HBS', 'an EvseID twice in a push, or not the operator’s'),
  '019': entry('019', 'Inconsistent EvcoID.', 'internal', 'HBS', 'an EvcoID outside of our own and our sub-providers’ ids'),
  '021': entry('021', 'System error.', 'general', 'CPO EMP', 'the partner failed internally'),
  '022': entry('022', 'Data error.', 'general', 'HBS CPO EMP', 'a malformed or implausible message'),
  '101': entry('101', 'QR Code Authentication failed – Invalid Credentials.', 'authentication', 'EMP', 'unknown EvcoID or wrong PIN'),
  '102': entry('102', 'RFID Authentication failed – invalid UID.', 'authentication', 'EMP', 'unknown card'),
  '103': entry('103', 'RFID Authentication failed – card not readable.', 'authentication', 'CPO', 'the reader could not read the card'),
  '105': entry('105', 'PLC Authentication failed – invalid EvcoID.', 'authentication', 'EMP', 'unknown contract in Plug & Charge'),
  '106': entry('106', 'No positive authentication response.', 'authentication', 'HBS CPO', 'nobody said yes'),
  '110': entry('110', 'QR Code App Authentication failed – time out error.', 'authentication', 'EMP', 'the app did not answer in time'),
  '120': entry('120', 'PLC (ISO/IEC 15118) Authentication failed – invalid underlying EvcoID.', 'authentication', 'EMP',
    'unknown contract in a Plug & Charge certificate'),
  '121': entry('121', 'PLC (ISO/IEC 15118) Authentication failed – invalid certificate.', 'authentication', 'EMP',
    'the contract certificate is not valid'),
  '122': entry('122', 'PLC (ISO/IEC 15118) Authentication failed – time out error.', 'authentication', 'EMP',
    'Plug & Charge took too long'),
  '200': entry('200', 'EvcoID locked.', 'authentication', 'EMP', 'contract or card blocked'),
  '210': entry('210', 'No valid contract.', 'session', 'HBS EMP', 'no active offer, subscription or contract'),
  '300': entry('300', 'Partner not found.', 'session', 'HBS', 'wrong operator or provider id'),
  '310': entry('310', 'Partner did not respond.', 'session', 'HBS', 'the other side took too long'),
  '320': entry('320', 'Service not available.', 'session', 'CPO EMP', 'the other side does not offer this now'),
  '400': entry('400', 'Session is invalid.', 'session', 'HBS CPO EMP', 'unknown or closed session'),
  '501': entry('501', 'Communication to EVSE failed.', 'EVSE', 'CPO', 'the operator does not reach its EVSE'),
  '510': entry('510', 'No EV connected to EVSE.', 'EVSE', 'CPO', 'plug in first'),
  '601': entry('601', 'EVSE already reserved.', 'EVSE', 'CPO', 'reserved by somebody else'),
  '602': entry('602', 'EVSE already in use/ wrong token.', 'EVSE', 'CPO', 'occupied, or another card than at the start'),
  '603': entry('603', 'Unknown EVSE ID.', 'EVSE', 'HBS CPO', 'nobody knows this EVSE'),
  '604': entry('604', 'EVSE ID is not Hubject compatible.', 'EVSE', 'HBS', 'IsHubjectCompatible is false: no remote start'),
  '700': entry('700', 'EVSE out of service.', 'EVSE', 'CPO', 'out of service'),
} as const satisfies Record<string, StatusCodeEntry>;

export type KnownStatusCode = keyof typeof STATUS_CODES;

/** The entry of a code, or `undefined` for one that OICP does not list. */
export function statusCodeEntry(code: string): StatusCodeEntry | undefined {
  return Object.hasOwn(STATUS_CODES, code) ? STATUS_CODES[code as KnownStatusCode] : undefined;
}
