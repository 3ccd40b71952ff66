import type { Json } from '../json.ts';

/** HBS's verdict: a status code (OICP §11), with a word for a person. */
export interface Answer {
  readonly code: string;
  readonly info?: string;
}

const TEXTS: Readonly<Record<string, string>> = {
  '000': 'Success.',
  '001': 'Hubject system error.',
  '009': 'Data transaction error.',
  '017': 'Unauthorized Access.',
  '019': 'Inconsistent EvcoID.',
  '021': 'System error.',
  '022': 'Data error.',
  '102': 'RFID Authentication failed – invalid UID.',
  '106': 'No positive authentication response.',
  '210': 'No valid contract.',
  '300': 'Partner not found.',
  '310': 'Partner did not respond.',
  '320': 'Service not available.',
  '400': 'Session is invalid.',
  '501': 'Communication to EVSE failed.',
  '510': 'No EV connected to EVSE.',
  '601': 'EVSE already reserved.',
  '602': 'EVSE already in use/ wrong token.',
  '603': 'Unknown EVSE ID.',
  '604': 'EVSE ID is not Hubject compatible.',
  '700': 'EVSE out of service.',
};

/** With explicit nulls, as HBS serialises (OICP §2.5). */
export const statusCodeJson = ({ code, info }: Answer): Json =>
  ({ Code: code, Description: TEXTS[code] ?? null, AdditionalInfo: info ?? null });

/** eRoamingAcknowledgement, nulls included. */
export const acknowledgementJson = (answer: Answer, sessionId: string | null = null, empSessionId: string | null = null): Json => ({
  Result: answer.code === '000',
  StatusCode: statusCodeJson(answer),
  SessionID: sessionId,
  CPOPartnerSessionID: null,
  EMPPartnerSessionID: empSessionId,
});
